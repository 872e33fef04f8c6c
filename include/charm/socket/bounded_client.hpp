// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/deadline.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace charm::socket {

struct HttpRequest {
  std::string method;
  std::string target;  ///< Path and query, already percent-encoded.
  std::string body;
  std::string content_type;
  std::string accept;                       ///< Empty: any type.
  std::size_t longest_answer = 4UL << 20U;  ///< In bytes, without headers.
};

struct HttpAnswer {
  int status = 0;  ///< 0 if no whole answer has arrived.
  std::string body;
  std::string content_type;
  std::string error;  ///< The reason for the status 0.
};

/// HTTP/1.1 without TLS, over one connection that is kept. The limits hold for the whole answer,
/// with its headers. cpp-httplib itself limits only the time of each read and the length of each
/// header line.
class BoundedClient {
 public:
  /// Uses a server on an address and port. Connects with the first request.
  BoundedClient(const std::string& address, int port);
  /// Uses a server on a unix socket.
  explicit BoundedClient(const std::string& socket_path);
  BoundedClient(const BoundedClient&) = delete;
  BoundedClient& operator=(const BoundedClient&) = delete;
  ~BoundedClient();

  /// Does not throw.
  [[nodiscard]] HttpAnswer exchange(const HttpRequest& request, std::chrono::milliseconds longest);

 private:
  struct Bounds;
  class Stream;
  class Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace charm::socket
