// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/server.hpp"

#include "rehearsal/keyserver/hkp.hpp"
#include "rehearsal/keyserver/keyserver.hpp"
#include "rehearsal/keyserver/log.hpp"
#include "rehearsal/keyserver/metrics.hpp"
#include "rehearsal/keyserver/prefix_tree.hpp"
#include "rehearsal/keyserver/reconciliation.hpp"
#include "rehearsal/keyserver/recovery.hpp"
#include "rehearsal/keyserver/storage.hpp"

#include <httplib.h>

#include <chrono>
#include <exception>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <thread>

namespace rehearsal::keyserver {
namespace {

/// The size limit of forms in Go's net/http.
constexpr std::size_t body_limit = 10U << 20U;

/// By default the library shares ports between processes: two servers would listen on one.
void allow_reuse_after_restart(int socket) {
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

/// Returns the body of a POST. The library limits forms to 8 KiB; a separate reader allows more.
std::string body_of(const httplib::Request& request, const httplib::ContentReader& reader) {
  std::string body;
  if (!request.is_multipart_form_data()) {
    reader([&body](const char* data, std::size_t length) {
      body.append(data, length);
      return body.size() <= body_limit;
    });
  }
  return body.size() <= body_limit ? body : "";
}

/// An HTTP/1.1 server that passes every GET, HEAD and POST to one handler, from several threads.
class HttpServer {
 public:
  /// The second argument is the body of a POST. Must not throw.
  using Handler =
      std::function<void(const httplib::Request&, const std::string&, httplib::Response&)>;

  /// Listens and serves. Files below `web_root` (if not empty) come before the handler. Throws
  /// std::runtime_error if the address is in use.
  HttpServer(const ListenAddress& address, const std::string& web_root, Handler handler)
      : handler_(std::move(handler)) {
    configure(web_root);
    const std::string host = address.host.empty() ? "0.0.0.0" : address.host;
    if (!server_.bind_to_port(host.c_str(), address.port)) {
      throw std::runtime_error("listen tcp " + host + ":" + std::to_string(address.port) +
                               ": bind: address already in use");
    }
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }

  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Waits for running requests.
  ~HttpServer() {
    // stop() does nothing before the thread listens.
    while (!server_.is_running()) {
      std::this_thread::yield();
    }
    server_.stop();
    thread_.join();
  }

 private:
  void configure(const std::string& web_root) {
    // A connection occupies a thread, idle or not.
    constexpr std::size_t threads = 32;
    server_.new_task_queue = [] { return new httplib::ThreadPool(threads); };
    // An idle connection must not delay the end of the program either.
    server_.set_keep_alive_timeout(1);
    server_.set_socket_options(allow_reuse_after_restart);
    if (!web_root.empty() && std::filesystem::is_directory(web_root)) {
      server_.set_mount_point("/", web_root);
    }
    server_.Get(".*", [this](const httplib::Request& request, httplib::Response& response) {
      handler_(request, "", response);
    });
    server_.Post(".*", [this](const httplib::Request& request, httplib::Response& response,
                              const httplib::ContentReader& reader) {
      handler_(request, body_of(request, reader), response);
    });
  }

  httplib::Server server_;
  Handler handler_;
  std::thread thread_;
};

/// Answers, and records every request in the metrics and with one line in the log.
class Recorder {
 public:
  Recorder(const Configuration& configuration, Hkp& hkp, Metrics& metrics, Log& log)
      : configuration_(configuration), hkp_(hkp), metrics_(metrics), log_(log) {}

  void operator()(const httplib::Request& request, const std::string& body,
                  httplib::Response& response) const {
    const auto start = std::chrono::steady_clock::now();
    hkp_.answer(request, body, response);
    const std::chrono::duration<double> duration = std::chrono::steady_clock::now() - start;
    metrics_.observe_request(request.method, response.status, duration.count());
    Log::Fields fields{{request.method, request.target},
                       {"duration", std::to_string(duration.count()) + "s"}};
    if (configuration_.log_request_details) {
      fields.emplace_back("from", request.remote_addr + ":" + std::to_string(request.remote_port));
    }
    fields.emplace_back("host", request.get_header_value("Host"));
    fields.emplace_back("status-code", std::to_string(response.status));
    if (configuration_.log_request_details) {
      fields.emplace_back("user-agent", request.get_header_value("User-Agent"));
    }
    log_.info("", fields);
  }

 private:
  const Configuration& configuration_;
  Hkp& hkp_;
  Metrics& metrics_;
  Log& log_;
};

HttpServer::Handler metrics_page(const Configuration& configuration, const Metrics& metrics) {
  return [&](const httplib::Request& request, const std::string& /*body*/,
             httplib::Response& response) {
    constexpr int ok = 200;
    constexpr int not_found = 404;
    response.status = request.path == configuration.metrics_path ? ok : not_found;
    if (response.status == ok) {
      response.set_content(metrics.text(), "text/plain; version=0.0.4; charset=utf-8");
    }
  };
}

/// If the port for metrics or reconciliation is in use, Hockeypuck serves keys nevertheless.
template <typename Listener, typename... Arguments>
void try_to_listen(std::optional<Listener>& listener, Log& log, const std::string& what,
                   Arguments&&... arguments) {
  try {
    listener.emplace(std::forward<Arguments>(arguments)...);
  } catch (const std::exception& error) {
    log.error("failed to serve " + what + ": " + error.what());
  }
}

/// Accepts and makes visits. Hockeypuck does neither if the port is in use.
class Reconciling {
 public:
  explicit Reconciling(const ReconContext& context) {
    const std::string& address = context.configuration.recon_address;
    const bool listens = address != "none";
    if (listens) {
      try_to_listen(port_, context.log, "recon", parse_listen_address(address), context);
    }
    if (!listens || port_) {
      gossip_.emplace(context);
    }
  }

 private:
  std::optional<ReconPort> port_;
  std::optional<Gossip> gossip_;
};

void wait_for_end(const sigset_t& signals, Log& log) {
  int number = 0;
  while (number != SIGTERM && number != SIGINT) {
    sigwait(&signals, &number);
    if (number == SIGUSR1) {
      log.reopen();
    }
  }
}

/// Serves from the first request to the last.
void serve_keys(const Configuration& configuration, Storage& storage, PrefixTree& tree, Log& log,
                const sigset_t& signals) {
  Metrics metrics;
  Keyserver keyserver(configuration, storage, tree, metrics, log);
  Partners partners(configuration);
  Hkp hkp(configuration, keyserver, tree, partners, log);
  Recovery recovery(keyserver, partners, metrics, configuration.seen_cache_size);
  const HttpServer server(parse_listen_address(configuration.bind_address), configuration.web_root,
                          Recorder(configuration, hkp, metrics, log));
  log.info("metrics: starting");
  std::optional<HttpServer> metrics_server;
  try_to_listen(metrics_server, log, "metrics", parse_listen_address(configuration.metrics_address),
                "", metrics_page(configuration, metrics));
  const Reconciling reconciling({configuration, tree, partners, recovery, metrics, log});
  wait_for_end(signals, log);
  log.info("stopping");
}

}  // namespace

sigset_t block_server_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT, SIGUSR1, SIGUSR2}) {
    sigaddset(&signals, number);
  }
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

void serve(const Configuration& configuration, const sigset_t& signals) {
  Log log(configuration.log_level, configuration.log_file);
  Storage storage(libpq_connection_string(configuration.dsn), configuration.query_limit);
  PrefixTree tree(configuration.tree_path, log);
  serve_keys(configuration, storage, tree, log, signals);
  tree.mutate();
  write_tree_statistics(configuration.tree_path, tree.size());
}

}  // namespace rehearsal::keyserver
