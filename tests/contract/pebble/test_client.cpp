// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/pebble/test_client.hpp"

#include "charm/domain/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace contract::pebble {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds answer_limit{40'000};

template <typename Address>
int connect_to(const Address& address, int family) {
  const int descriptor = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const std::string why = std::strerror(errno);
    close(descriptor);
    throw std::runtime_error("cannot connect: " + why);
  }
  return descriptor;
}

int connect_unix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  return connect_to(address, AF_UNIX);
}

int connect_tcp(const std::string& host_and_port) {
  const std::size_t colon = host_and_port.rfind(':');
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(host_and_port.substr(colon + 1))));
  inet_pton(AF_INET, host_and_port.substr(0, colon).c_str(), &address.sin_addr);
  return connect_to(address, AF_INET);
}

bool is_chunked(const Answer& answer) {
  const auto encoding = answer.headers.find("transfer-encoding");
  return encoding != answer.headers.end() && encoding->second == "chunked";
}

}  // namespace

Json Answer::json() const {
  return Json::parse(body, nullptr, false);
}

Json Answer::result() const {
  const Json value = json();
  return value.is_object() && value.contains("result") ? value["result"] : Json();
}

std::string Answer::message() const {
  const Json value = result();
  return value.is_object() ? value.value("message", "") : "";
}

TestClient::TestClient(const std::string& address)
    : socket_(address.starts_with('/') ? connect_unix(address) : connect_tcp(address)) {}

TestClient::~TestClient() {
  close(socket_);
}

void TestClient::write(const std::string& bytes) const {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t count = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count < 0) {
      // An agent may refuse a request before it has read all of it. Only the answer matters.
      return;
    }
    sent += static_cast<std::size_t>(count);
  }
}

void TestClient::write(const Exchange& exchange) const {
  std::string text = exchange.method + " " + exchange.target + " HTTP/1.1\r\n";
  if (!exchange.headers.contains("Host") && !exchange.without_host) {
    text += "Host: localhost\r\n";
  }
  for (const auto& [name, value] : exchange.headers) {
    text += name + ": " + value + "\r\n";
  }
  const bool chunked = exchange.headers.contains("Transfer-Encoding");
  if (exchange.method != "GET" && !chunked) {
    text += "Content-Length: " + std::to_string(exchange.body.size()) + "\r\n";
  }
  write(text + "\r\n" + exchange.body);
}

bool TestClient::fill(milliseconds limit) {
  pollfd file{socket_, POLLIN, 0};
  if (poll(&file, 1, static_cast<int>(limit.count())) <= 0) {
    return false;
  }
  std::array<char, 65536> bytes{};
  const ssize_t count = recv(socket_, bytes.data(), bytes.size(), 0);
  if (count <= 0) {
    return false;
  }
  buffer_.append(bytes.data(), static_cast<std::size_t>(count));
  return true;
}

std::string TestClient::read_line() {
  while (buffer_.find("\r\n") == std::string::npos) {
    if (!fill(answer_limit)) {
      throw std::runtime_error("connection ended within an answer's head");
    }
  }
  const std::size_t end = buffer_.find("\r\n");
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 2);
  return line;
}

std::string TestClient::read_bytes(std::size_t count) {
  while (buffer_.size() < count) {
    if (!fill(answer_limit)) {
      throw std::runtime_error("connection ended within an answer's body");
    }
  }
  std::string bytes = buffer_.substr(0, count);
  buffer_.erase(0, count);
  return bytes;
}

void TestClient::read_head(Answer& answer) {
  std::string status = read_line();
  if (status.find(" 100 ") != std::string::npos) {
    read_line();
    status = read_line();
  }
  answer.status = std::stoi(status.substr(status.find(' ') + 1));
  for (std::string line = read_line(); !line.empty(); line = read_line()) {
    const std::size_t colon = line.find(": ");
    answer.headers[charm::lower_case(line.substr(0, colon))] = line.substr(colon + 2);
  }
}

std::string TestClient::read_body(const Exchange& exchange, const Answer& answer) {
  if (exchange.method == "HEAD") {
    return {};
  }
  if (is_chunked(answer)) {
    std::string body;
    for (std::size_t size = std::stoul(read_line(), nullptr, 16); size > 0;
         size = std::stoul(read_line(), nullptr, 16)) {
      body += read_bytes(size);
      read_bytes(2);
    }
    read_bytes(2);
    return body;
  }
  if (const auto length = answer.headers.find("content-length"); length != answer.headers.end()) {
    return read_bytes(std::stoul(length->second));
  }
  while (fill(answer_limit)) {
  }
  return std::exchange(buffer_, "");
}

Answer TestClient::send(const Exchange& exchange) {
  write(exchange);
  Answer answer;
  read_head(answer);
  answer.body = read_body(exchange, answer);
  return answer;
}

void TestClient::follow(const Exchange& exchange, milliseconds limit,
                        const std::function<bool(const std::string&)>& take) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  write(exchange);
  Answer answer;
  read_head(answer);
  while (std::chrono::steady_clock::now() < deadline) {
    if (buffer_.empty() && !fill(std::chrono::duration_cast<milliseconds>(
                               deadline - std::chrono::steady_clock::now()))) {
      return;
    }
    const std::size_t size = std::stoul(read_line(), nullptr, 16);
    const std::string piece = read_bytes(size);
    read_bytes(2);
    if (size == 0 || !take(piece)) {
      return;
    }
  }
}

std::string TestClient::send_raw(const std::string& bytes, milliseconds silence) {
  write(bytes);
  while (fill(silence)) {
  }
  return std::exchange(buffer_, "");
}

int free_port() {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no free port");
  }
  close(descriptor);
  return ntohs(address.sin_port);
}

}  // namespace contract::pebble
