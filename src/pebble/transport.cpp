// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/pebble/transport.hpp"

#include <httplib.h>

#include <csignal>
#include <utility>

#include <sys/socket.h>

namespace charm::pebble {
namespace {

using Clock = std::chrono::steady_clock;

/// Receives a body in pieces, up to a size and a deadline.
struct Receiver {
  std::string body;
  Clock::time_point deadline;
  std::size_t limit = 0;
  std::string refusal;

  bool take(const char* data, std::size_t size) {
    if (Clock::now() >= deadline) {
      refusal = "the answer took too long";
    } else if (body.size() + size > limit) {
      refusal = "the answer is longer than " + std::to_string(limit >> 20U) + " MiB";
    } else {
      body.append(data, size);
    }
    return refusal.empty();
  }
};

httplib::Request http_request(const Request& request) {
  httplib::Request http;
  http.method = request.method;
  http.path = request.target;
  http.body = request.body;
  // For a unix socket the library would send the socket's path as the host, which Go's HTTP server
  // rejects.
  http.set_header("Host", "localhost");
  http.set_header("Accept", request.accept.empty() ? "*/*" : request.accept);
  http.set_header("Accept-Encoding", "identity");
  if (!request.content_type.empty()) {
    http.set_header("Content-Type", request.content_type);
  }
  return http;
}

}  // namespace

struct UnixSocketTransport::Connection {
  // With a port, which a unix socket does not use, the library does not parse the path as a URL.
  explicit Connection(const std::string& path) : socket_path(path), client(path, 80) {
    client.set_address_family(AF_UNIX);
    client.set_keep_alive(true);
    client.set_url_encode(false);
    client.set_follow_location(false);
  }

  std::string socket_path;
  httplib::Client client;
};

UnixSocketTransport::UnixSocketTransport(const std::string& socket_path)
    : connection_(std::make_unique<Connection>(socket_path)) {
  // The library writes without MSG_NOSIGNAL. A Pebble that hangs up during a push would kill this
  // process.
  std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): cannot fail for this signal.
}

UnixSocketTransport::~UnixSocketTransport() = default;

Response UnixSocketTransport::send(const Request& request, std::chrono::milliseconds timeout) {
  httplib::Client& client = connection_->client;
  client.set_connection_timeout(timeout);
  client.set_read_timeout(timeout);
  client.set_write_timeout(timeout);
  Receiver receiver{
      .body = {}, .deadline = Clock::now() + timeout, .limit = request.longest_answer};
  httplib::Request http = http_request(request);
  http.content_receiver = [&receiver](const char* data, std::size_t size, std::uint64_t /*offset*/,
                                      std::uint64_t /*total*/) {
    return receiver.take(data, size);
  };
  const httplib::Result result = client.send(http);
  if (!result) {
    const std::string reason =
        receiver.refusal.empty() ? httplib::to_string(result.error()) : receiver.refusal;
    throw ConnectionError(request.method + " " + request.target + " on " +
                          connection_->socket_path + ": " + reason);
  }
  return {.status = result->status,
          .body = std::move(receiver.body),
          .content_type = result->get_header_value("Content-Type")};
}

}  // namespace charm::pebble
