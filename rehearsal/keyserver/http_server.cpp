// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/http_server.hpp"

#include <httplib.h>

#include <filesystem>
#include <stdexcept>
#include <thread>

namespace rehearsal::keyserver {
namespace {

/// Go's net/http takes forms up to this size.
constexpr std::size_t body_limit = 10U << 20U;

/// By default the library shares ports between processes: two servers would listen on one.
void allow_reuse_after_restart(int socket) {
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

}  // namespace

struct HttpServer::Implementation {
  httplib::Server server;
  Handler handler;
  std::thread thread;

  void route() {
    const char* const any = ".*";
    server.Get(any, [this](const httplib::Request& request, httplib::Response& response) {
      handler(request, "", response);
    });
    // With a reader of its own a form may be longer than the library's limit of 8 KiB.
    server.Post(any, [this](const httplib::Request& request, httplib::Response& response,
                            const httplib::ContentReader& reader) {
      std::string body;
      if (!request.is_multipart_form_data()) {
        reader([&body](const char* data, std::size_t length) {
          body.append(data, length);
          return body.size() <= body_limit;
        });
      }
      handler(request, body.size() <= body_limit ? body : "", response);
    });
  }

  void configure(const std::string& web_root) {
    // A connection holds a thread, idle or not.
    constexpr std::size_t threads = 32;
    server.new_task_queue = [] { return new httplib::ThreadPool(threads); };
    // An idle connection must not hold up the end of the program either.
    server.set_keep_alive_timeout(1);
    server.set_socket_options(allow_reuse_after_restart);
    if (!web_root.empty() && std::filesystem::is_directory(web_root)) {
      server.set_mount_point("/", web_root);
    }
  }
};

HttpServer::HttpServer(const ListenAddress& address, const std::string& web_root, Handler handler)
    : implementation_(std::make_unique<Implementation>()) {
  implementation_->handler = std::move(handler);
  implementation_->configure(web_root);
  implementation_->route();
  const std::string host = address.host.empty() ? "0.0.0.0" : address.host;
  if (!implementation_->server.bind_to_port(host.c_str(), address.port)) {
    throw std::runtime_error("listen tcp " + host + ":" + std::to_string(address.port) +
                             ": bind: address already in use");
  }
  implementation_->thread = std::thread([this] { implementation_->server.listen_after_bind(); });
}

HttpServer::~HttpServer() {
  // stop() does nothing before the thread has come to listen.
  while (!implementation_->server.is_running()) {
    std::this_thread::yield();
  }
  implementation_->server.stop();
  implementation_->thread.join();
}

}  // namespace rehearsal::keyserver
