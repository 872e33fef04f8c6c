// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/free_port.hpp"

#include <algorithm>
#include <random>
#include <stdexcept>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace test {
namespace {

bool can_bind(std::uint16_t port) {
  const int number = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_ANY);
  const bool bound = bind(number, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(number);
  return bound;
}

/// Binds the abstract unix socket that represents the port, and keeps it open until this process
/// ends. Returns false if another test has it already.
bool reserve(std::uint16_t port) {
  const std::string name = "hockeypuck-k8s test port " + std::to_string(port);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::ranges::copy(name, address.sun_path + 1);  // The first byte is 0: no file.
  const int number = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  if (bind(number, reinterpret_cast<const sockaddr*>(&address), size) == 0) {
    return true;
  }
  close(number);
  return false;
}

}  // namespace

std::uint16_t free_port() {
  std::random_device random;
  std::uniform_int_distribution<std::uint16_t> ports(10'240, 32'000);
  for (int attempt = 0; attempt < 1'000; ++attempt) {
    const std::uint16_t port = ports(random);
    if (reserve(port) && can_bind(port)) {
      return port;
    }
  }
  throw std::runtime_error("no free TCP port");
}

}  // namespace test
