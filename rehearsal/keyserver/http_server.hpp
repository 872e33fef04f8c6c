// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/ip_address.hpp"

#include <functional>
#include <memory>
#include <string>

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace rehearsal::keyserver {

inline constexpr int http_ok = 200;

/// An HTTP/1.1 server that gives every GET, HEAD and POST to one handler, from several threads.
class HttpServer {
 public:
  /// The second argument is the body of a POST. Must not throw.
  using Handler =
      std::function<void(const httplib::Request&, const std::string&, httplib::Response&)>;

  /// Listens and serves. Files below `web_root` (if not empty) come before the handler. Throws
  /// std::runtime_error when the address is not free.
  HttpServer(const ListenAddress& address, const std::string& web_root, Handler handler);

  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  /// Lets running requests end.
  ~HttpServer();

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace rehearsal::keyserver
