// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace test {

/// A server whose test writes its answers octet by octet. It serves one connection after the other
/// and closes each when `talk` returns.
class SocketServer {
 public:
  using Talk = std::function<void(int connection)>;

  /// Listens on the loopback address of a family, AF_INET or AF_INET6; port 0 is a free port.
  SocketServer(int family, Talk talk, int port = 0)
      : socket_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)), talk_(std::move(talk)) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    v4.sin_port = htons(static_cast<std::uint16_t>(port));
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_addr = in6addr_loopback;
    v6.sin6_port = v4.sin_port;
    const int yes = 1;
    ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    const bool six = family == AF_INET6;
    void* address = six ? static_cast<void*>(&v6) : &v4;
    socklen_t size = six ? sizeof(v6) : sizeof(v4);
    listen_at(address, size);
    ::getsockname(socket_, static_cast<sockaddr*>(address), &size);
    port_ = ntohs(six ? v6.sin6_port : v4.sin_port);
  }

  /// Listens on a path of the file system.
  SocketServer(const std::string& path, Talk talk)
      : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)), talk_(std::move(talk)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
    listen_at(&address, sizeof(address));
  }

  SocketServer(const SocketServer&) = delete;
  SocketServer& operator=(const SocketServer&) = delete;

  ~SocketServer() {
    stopping_ = true;
    thread_.join();
    ::close(socket_);
  }

  /// False if the machine has no such address.
  [[nodiscard]] bool usable() const { return usable_; }

  [[nodiscard]] int port() const { return port_; }

  /// The number of connections so far.
  [[nodiscard]] int connections() const { return connections_; }

 private:
  void listen_at(const void* address, socklen_t size) {
    usable_ = ::bind(socket_, static_cast<const sockaddr*>(address), size) == 0 &&
              ::listen(socket_, 8) == 0;
    thread_ = std::thread([this] { serve(); });
  }

  void serve() {
    while (!stopping_) {
      pollfd listening{socket_, POLLIN, 0};
      if (::poll(&listening, 1, 10) != 1 || (listening.revents & POLLIN) == 0) {
        continue;
      }
      const int connection = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
      ++connections_;
      talk_(connection);
      ::close(connection);
    }
  }

  int socket_;
  Talk talk_;
  bool usable_ = false;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> connections_ = 0;
  std::thread thread_;
};

/// Reads a request up to the empty line after its headers. Empty if the client has hung up.
inline std::string received(int connection) {
  std::string text;
  std::array<char, 1024> buffer{};
  while (text.find("\r\n\r\n") == std::string::npos) {
    const auto count = ::recv(connection, buffer.data(), buffer.size(), 0);
    if (count <= 0) {
      return {};
    }
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return text;
}

/// Returns false if the client has hung up.
inline bool send_text(int connection, std::string_view text) {
  return ::send(connection, text.data(), text.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(text.size());
}

}  // namespace test
