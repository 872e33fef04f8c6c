// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/socket_server.hpp"

#include <httplib.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <thread>

namespace charm::download {

/// Packs a text in the same way as `gzip -9`.
[[nodiscard]] std::string gzipped(const std::string& content);

/// Many zeros in few bytes.
[[nodiscard]] std::string gzipped_zeros(std::size_t count);

/// A web server on loopback; `routes` are set before start().
class WebServer {
 public:
  WebServer() = default;
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;
  ~WebServer();

  void serve(const std::string& path, const std::string& body);
  void redirect(const std::string& path, const std::string& to);
  void start();
  [[nodiscard]] std::string url(const std::string& path) const;

  [[nodiscard]] int port() const { return port_; }

  httplib::Server routes;

 private:
  int port_ = 0;
  std::thread thread_;
};

/// Answers a request. Sends so many octets of the body immediately, and the rest after a pause.
[[nodiscard]] test::SocketServer::Talk pausing(const std::string& body, std::size_t first,
                                               std::chrono::milliseconds pause);

}  // namespace charm::download
