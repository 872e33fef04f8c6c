// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/exchange.hpp"
#include "rehearsal/keyserver/listen_address.hpp"

#include <functional>
#include <memory>
#include <string>

namespace rehearsal::keyserver {

/// An HTTP/1.1 server that gives every request to one handler, from several threads.
class HttpServer {
 public:
  /// Must not throw.
  using Handler = std::function<Response(const Request&)>;

  /// Listens and serves. `server_name` is the Server header; files below `web_root` (if not empty)
  /// come before the handler. Throws std::runtime_error when the address cannot be had.
  HttpServer(const ListenAddress& address, std::string server_name, const std::string& web_root,
             Handler handler);

  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  /// Lets running requests end.
  ~HttpServer();

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace rehearsal::keyserver
