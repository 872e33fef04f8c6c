// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/contract/pebble/test_client.hpp"

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace contract::pebble {

/// A small HTTP server on loopback for the agent's checks and log pushes.
class WebServer {
 public:
  struct Request {
    std::string method;
    std::string path;
    /// By lower-case name.
    std::map<std::string, std::string> headers;
    std::string body;
  };

  WebServer();
  ~WebServer();
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  int port() const { return port_; }

  std::string url(const std::string& path) const;

  /// The status and body of all answers from now on.
  void answer_with(int status, const std::string& body = {});
  std::vector<Request> requests() const;

 private:
  void run();
  void serve(int connection);

  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  int status_ = 200;
  std::string body_;
  std::vector<Request> requests_;
  std::vector<std::thread> connections_;
  std::thread thread_;
};

}  // namespace contract::pebble
