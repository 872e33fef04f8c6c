// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/socket/bounded_client.hpp"

#include <httplib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <utility>

#include <poll.h>
#include <sys/socket.h>

namespace charm::socket {
namespace {

/// Pebble and Hockeypuck send a few hundred bytes of headers.
constexpr std::size_t longest_head = 64UL << 10U;

constexpr const char* too_late = "the answer took too long";

httplib::Request http_request(const HttpRequest& request) {
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

/// The limits of one exchange, and which of them was reached.
struct BoundedClient::Bounds {
  Deadline end;
  std::size_t bytes_left = longest_head;
  std::string refusal;
};

/// A socket that reads and writes within the bounds. A read or write that returns -1 ends the
/// exchange.
class BoundedClient::Stream final : public httplib::Stream {
 public:
  Stream(int socket, Bounds& bounds) : socket_(socket), bounds_(&bounds) {}

  [[nodiscard]] bool is_readable() const override { return true; }

  [[nodiscard]] bool is_writable() const override { return true; }

  ssize_t read(char* data, std::size_t size) override {
    if (at_ == end_) {
      at_ = 0;
      end_ = static_cast<std::size_t>(std::max<ssize_t>(receive(), 0));
    }
    const std::size_t taken = std::min(size, end_ - at_);
    if (taken > bounds_->bytes_left) {
      return refuse("the answer is too long");
    }
    std::copy_n(buffer_.data() + at_, taken, data);
    at_ += taken;
    bounds_->bytes_left -= taken;
    return bounds_->refusal.empty() ? static_cast<ssize_t>(taken) : -1;
  }

  ssize_t write(const char* data, std::size_t size) override {
    if (!wait_for(POLLOUT)) {
      return -1;
    }
    // A server that hangs up must not kill this process.
    const ssize_t sent = ::send(socket_, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent < 0 && errno == EAGAIN ? 0 : sent;
  }

  void get_remote_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}

  void get_local_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}

  [[nodiscard]] socket_t socket() const override { return socket_; }

 private:
  ssize_t refuse(const char* reason) {
    bounds_->refusal = reason;
    return -1;
  }

  bool wait_for(short event) {
    pollfd ready{socket_, event, 0};
    const auto left = bounds_->end.left(std::chrono::hours(1));
    if (left.count() == 0 || ::poll(&ready, 1, static_cast<int>(left.count())) == 0) {
      refuse(too_late);
      return false;
    }
    return true;
  }

  ssize_t receive() {
    return wait_for(POLLIN) ? ::recv(socket_, buffer_.data(), buffer_.size(), 0) : -1;
  }

  int socket_;
  Bounds* bounds_;
  std::array<char, 16UL << 10U> buffer_{};
  std::size_t at_ = 0;
  std::size_t end_ = 0;
};

class BoundedClient::Connection final : public httplib::ClientImpl {
 public:
  Connection(const std::string& host, int port, bool is_path) : ClientImpl(host, port) {
    if (is_path) {
      set_address_family(AF_UNIX);
    }
    set_keep_alive(true);
    set_url_encode(false);
    set_follow_location(false);
    set_decompress(false);
  }

  HttpAnswer exchange(const HttpRequest& request, std::chrono::milliseconds longest) {
    bounds_ = {.end = Deadline(longest), .bytes_left = longest_head, .refusal = {}};
    set_connection_timeout(longest);
    httplib::Request http = http_request(request);
    HttpAnswer answer;
    http.response_handler = [&](const httplib::Response& /*head*/) {
      bounds_.bytes_left += request.longest_answer;
      return true;
    };
    http.content_receiver = [&](const char* data, std::size_t size, std::uint64_t /*offset*/,
                                std::uint64_t /*total*/) {
      answer.body.append(data, size);
      return true;
    };
    const httplib::Result result = send(http);
    if (!result || !bounds_.refusal.empty()) {
      return {.error = bounds_.refusal.empty() ? httplib::to_string(result.error())
                                               : std::move(bounds_.refusal)};
    }
    answer.status = result->status;
    answer.content_type = result->get_header_value("Content-Type");
    return answer;
  }

 private:
  bool process_socket(const Socket& socket,
                      std::function<bool(httplib::Stream& stream)> callback) override {
    Stream stream(socket.sock, bounds_);
    return callback(stream);
  }

  Bounds bounds_;
};

BoundedClient::BoundedClient(const std::string& address, int port)
    : connection_(std::make_unique<Connection>(address, port, false)) {}

// With a port, which a unix socket does not use, the library does not parse the path as a URL.
BoundedClient::BoundedClient(const std::string& socket_path)
    : connection_(std::make_unique<Connection>(socket_path, 80, true)) {}

BoundedClient::~BoundedClient() = default;

HttpAnswer BoundedClient::exchange(const HttpRequest& request, std::chrono::milliseconds longest) {
  if (longest <= std::chrono::milliseconds(0)) {
    return {.error = too_late};
  }
  return connection_->exchange(request, longest);
}

}  // namespace charm::socket
