// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/pebble/web_server.hpp"

#include "charm/domain/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <sstream>
#include <stdexcept>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace contract::pebble {
namespace {

constexpr int poll_milliseconds = 50;

/// Removes and returns a whole request from the front of the received bytes, if there is one.
std::optional<WebServer::Request> take_request(std::string& received) {
  const std::size_t end = received.find("\r\n\r\n");
  if (end == std::string::npos) {
    return std::nullopt;
  }
  WebServer::Request request;
  std::istringstream head(received.substr(0, end));
  std::string line;
  std::getline(head, line);
  std::istringstream(line) >> request.method >> request.path;
  while (std::getline(head, line)) {
    const std::size_t colon = line.find(':');
    std::string value = line.substr(colon + 2);
    value.erase(value.find_last_not_of('\r') + 1);
    request.headers[charm::lower_case(line.substr(0, colon))] = value;
  }
  const auto length = request.headers.find("content-length");
  const std::size_t size = length == request.headers.end() ? 0 : std::stoul(length->second);
  if (received.size() < end + 4 + size) {
    return std::nullopt;
  }
  request.body = received.substr(end + 4, size);
  received.erase(0, end + 4 + size);
  return request;
}

}  // namespace

WebServer::WebServer() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, generic, size) != 0 || listen(listener_, 16) != 0 ||
      getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("cannot listen on loopback");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

WebServer::~WebServer() {
  stopping_ = true;
  thread_.join();
  for (std::thread& connection : connections_) {
    connection.join();
  }
  close(listener_);
}

std::string WebServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

void WebServer::answer_with(int status, const std::string& body) {
  const std::scoped_lock held(mutex_);
  status_ = status;
  body_ = body;
}

std::vector<WebServer::Request> WebServer::requests() const {
  const std::scoped_lock held(mutex_);
  return requests_;
}

void WebServer::run() {
  while (!stopping_) {
    pollfd file{listener_, POLLIN, 0};
    if (poll(&file, 1, poll_milliseconds) > 0) {
      const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      connections_.emplace_back([this, connection] { serve(connection); });
    }
  }
}

void WebServer::serve(int connection) {
  std::string received;
  std::array<char, 65536> bytes{};
  while (!stopping_) {
    pollfd file{connection, POLLIN, 0};
    if (poll(&file, 1, poll_milliseconds) <= 0) {
      continue;
    }
    const ssize_t count = recv(connection, bytes.data(), bytes.size(), 0);
    if (count <= 0) {
      break;
    }
    received.append(bytes.data(), static_cast<std::size_t>(count));
    while (const auto request = take_request(received)) {
      const std::scoped_lock held(mutex_);
      requests_.push_back(*request);
      // 204 has no body and no length.
      const std::string length =
          status_ == 204 ? "" : "Content-Length: " + std::to_string(body_.size()) + "\r\n";
      const std::string answer =
          "HTTP/1.1 " + std::to_string(status_) + " X\r\n" + length + "\r\n" + body_;
      send(connection, answer.data(), answer.size(), MSG_NOSIGNAL);
    }
  }
  close(connection);
}

}  // namespace contract::pebble
