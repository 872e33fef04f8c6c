// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/tcp_dial.hpp"

#include <array>
#include <cerrno>
#include <memory>
#include <optional>

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

namespace rehearsal::pebble {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Addresses resolve(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) {
    throw DialError("dial tcp: lookup " + host + ": no such host", false);
  }
  return {found, &freeaddrinfo};
}

std::string text_of(const addrinfo& address, const std::string& port) {
  std::array<char, NI_MAXHOST> host{};
  getnameinfo(address.ai_addr, address.ai_addrlen, host.data(), host.size(), nullptr, 0,
              NI_NUMERICHOST);
  const std::string text = host.data();
  return (address.ai_family == AF_INET6 ? "[" + text + "]" : text) + ":" + port;
}

int remaining_milliseconds(std::chrono::steady_clock::time_point deadline) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return left.count() < 0 ? 0 : static_cast<int>(left.count());
}

/// The errno of connecting, ETIMEDOUT past the deadline, or 0.
int connect_until(int socket, const addrinfo& address,
                  std::chrono::steady_clock::time_point deadline) {
  if (connect(socket, address.ai_addr, address.ai_addrlen) == 0) {
    return 0;
  }
  if (errno != EINPROGRESS) {
    return errno;
  }
  pollfd file{socket, POLLOUT, 0};
  if (poll(&file, 1, remaining_milliseconds(deadline)) <= 0) {
    return ETIMEDOUT;
  }
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

}  // namespace

FileHandle dial_tcp(const std::string& host, const std::string& port, Duration timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  const Addresses addresses = resolve(host, port);
  std::optional<DialError> first;
  for (const addrinfo* address = addresses.get(); address != nullptr; address = address->ai_next) {
    FileHandle socket(::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int error = socket.is_open() ? connect_until(socket.get(), *address, deadline) : errno;
    if (error == 0) {
      return socket;
    }
    if (!first) {
      first.emplace("dial tcp " + text_of(*address, port) + ": connect: " + errno_text(error),
                    error == ETIMEDOUT);
    }
  }
  throw DialError(*first);
}

}  // namespace rehearsal::pebble
