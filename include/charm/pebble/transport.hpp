// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/deadline.hpp"
#include "charm/domain/error.hpp"
#include "charm/socket/bounded_client.hpp"

#include <chrono>
#include <string>

namespace charm::pebble {

using Request = socket::HttpRequest;

struct Response {
  int status = 0;
  std::string body;
  std::string content_type;
};

/// Pebble cannot be reached, closed the connection or did not answer in time: wait for the next
/// event.
class ConnectionError : public Error {
 public:
  using Error::Error;
};

/// The dispatch has no time left for a request, or to wait for a change to end.
class OutOfTime : public ConnectionError {
 public:
  using ConnectionError::ConnectionError;
};

/// The seam to Pebble: one HTTP exchange.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Sends the request and waits at most `timeout` for the whole answer. Throws ConnectionError,
  /// for example if the answer is longer than the request allows.
  virtual Response send(const Request& request, std::chrono::milliseconds timeout) = 0;
};

/// HTTP/1.1 over a unix socket, one kept-alive connection.
class UnixSocketTransport final : public Transport {
 public:
  /// After the deadline, each request throws OutOfTime.
  explicit UnixSocketTransport(const std::string& socket_path, const Deadline& end = no_deadline);
  Response send(const Request& request, std::chrono::milliseconds timeout) override;

 private:
  std::string socket_path_;
  socket::BoundedClient client_;
  const Deadline* end_;
};

}  // namespace charm::pebble
