// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/http_connection.hpp"

#include <atomic>
#include <filesystem>
#include <list>
#include <mutex>
#include <string>
#include <thread>

namespace rehearsal::pebble {

/// Listens on a unix socket for everybody on the machine, and on TCP if asked to. One thread a
/// connection.
class HttpServer {
 public:
  explicit HttpServer(HttpHandler handler) : handler_(std::move(handler)) {}

  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Takes over a stale socket; throws std::runtime_error where another agent listens.
  void listen_on(const std::filesystem::path& socket);
  /// "HOST:PORT" or ":PORT". Throws std::runtime_error.
  void listen_on_tcp(const std::string& address);

  /// Ends all connections and waits for their threads.
  void stop();

 private:
  struct Connection {
    int descriptor = -1;
    std::atomic<bool> over = false;
    std::thread thread;
  };

  void accept_from(FileHandle listener, bool local);
  void accept_loop(int listener, bool local);
  void serve(FileHandle socket, bool local);
  void join_finished();

  HttpHandler handler_;
  std::atomic<bool> stopping_ = false;
  std::list<FileHandle> listeners_;
  std::list<std::thread> acceptors_;
  std::mutex connections_mutex_;
  std::list<Connection> connections_;
};

}  // namespace rehearsal::pebble
