// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/server.hpp"

#include "rehearsal/keyserver/connection_string.hpp"
#include "rehearsal/keyserver/gossip.hpp"
#include "rehearsal/keyserver/hkp.hpp"
#include "rehearsal/keyserver/http_server.hpp"
#include "rehearsal/keyserver/keyserver.hpp"
#include "rehearsal/keyserver/listen_address.hpp"
#include "rehearsal/keyserver/log.hpp"
#include "rehearsal/keyserver/metrics.hpp"
#include "rehearsal/keyserver/prefix_tree.hpp"
#include "rehearsal/keyserver/recon_port.hpp"
#include "rehearsal/keyserver/recovery.hpp"
#include "rehearsal/keyserver/statistics.hpp"
#include "rehearsal/keyserver/storage.hpp"

#include <chrono>
#include <exception>
#include <optional>
#include <string>

namespace rehearsal::keyserver {
namespace {

/// Answers, and keeps the books: metrics and one line in the log for every request.
class Recorder {
 public:
  Recorder(const Configuration& configuration, Hkp& hkp, Metrics& metrics, Log& log)
      : configuration_(configuration), hkp_(hkp), metrics_(metrics), log_(log) {}

  Response operator()(const Request& request) const {
    const auto start = std::chrono::steady_clock::now();
    Response response = hkp_.answer(request);
    const std::chrono::duration<double> duration = std::chrono::steady_clock::now() - start;
    metrics_.observe_request(request.method, response.status, duration.count());
    const std::string target =
        request.query.empty() ? request.path : request.path + "?" + request.query;
    Log::Fields fields{{request.method, target},
                       {"duration", std::to_string(duration.count()) + "s"}};
    if (configuration_.log_request_details) {
      fields.emplace_back("from", request.remote);
    }
    fields.emplace_back("host", request.host);
    fields.emplace_back("status-code", std::to_string(response.status));
    if (configuration_.log_request_details) {
      fields.emplace_back("user-agent", request.user_agent);
    }
    log_.info("", fields);
    return response;
  }

 private:
  const Configuration& configuration_;
  Hkp& hkp_;
  Metrics& metrics_;
  Log& log_;
};

Response metrics_answer(const Request& request, const std::string& path, const std::string& text) {
  constexpr int not_found = 404;
  if (request.path != path) {
    return error_response(not_found);
  }
  return {.content_type = "text/plain; version=0.0.4; charset=utf-8", .body = text};
}

/// A busy metrics or recon port does not keep Hockeypuck from serving keys.
template <typename Listener, typename... Arguments>
void try_to_listen(std::optional<Listener>& listener, Log& log, const std::string& what,
                   Arguments&&... arguments) {
  try {
    listener.emplace(std::forward<Arguments>(arguments)...);
  } catch (const std::exception& error) {
    log.error("failed to serve " + what + ": " + error.what());
  }
}

/// Takes visits and makes them. Hockeypuck does neither when the port is not to be had.
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

/// Everything between the first request and the last.
void serve_keys(const Configuration& configuration, Storage& storage, PrefixTree& tree, Log& log,
                const sigset_t& signals) {
  Metrics metrics;
  Keyserver keyserver(configuration, storage, tree, metrics, log);
  Partners partners(configuration);
  Hkp hkp(configuration, keyserver, tree, partners, log);
  const std::string server_name = std::string(software_name) + "/" + software_version;
  ReconMetrics recon_metrics;
  Recovery recovery(keyserver, partners, recon_metrics, configuration.seen_cache_size, server_name);
  const HttpServer server(parse_listen_address(configuration.bind_address), server_name,
                          configuration.web_root, Recorder(configuration, hkp, metrics, log));
  log.info("metrics: starting");
  std::optional<HttpServer> metrics_server;
  try_to_listen(metrics_server, log, "metrics", parse_listen_address(configuration.metrics_address),
                server_name, "", [&](const Request& request) {
                  return metrics_answer(request, configuration.metrics_path,
                                        recon_metrics.text() + metrics.text());
                });
  const Reconciling reconciling({configuration, tree, partners, recovery, recon_metrics, log});
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
