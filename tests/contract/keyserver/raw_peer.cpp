// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/keyserver/raw_peer.hpp"

#include "tests/support/child_process.hpp"
#include "tests/support/free_port.hpp"

#include <stdexcept>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

namespace contract {
namespace {

sockaddr_in socket_address(const std::string& address, std::uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(port);
  inet_pton(AF_INET, address.c_str(), &result.sin_addr);
  return result;
}

const sockaddr* general(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

void wait_for_input(int socket) {
  constexpr int limit_milliseconds = 10'000;
  pollfd waiting{.fd = socket, .events = POLLIN, .revents = 0};
  if (poll(&waiting, 1, limit_milliseconds) != 1) {
    throw std::runtime_error("the keyserver says nothing");
  }
}

void must_run(const std::vector<std::string>& arguments) {
  const test::CommandResult result = test::run({.arguments = arguments});
  if (result.status != 0) {
    throw std::runtime_error(result.error);
  }
}

}  // namespace

RawPeer::RawPeer(int socket) : socket_(socket) {}

RawPeer::RawPeer(const std::string& address, std::uint16_t port)
    : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const sockaddr_in to = socket_address(address, port);
  if (connect(socket_, general(to), sizeof to) != 0) {
    close(socket_);
    throw std::runtime_error("the keyserver does not listen");
  }
}

RawPeer::RawPeer(RawPeer&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}

RawPeer::~RawPeer() {
  if (socket_ >= 0) {
    close(socket_);
  }
}

void RawPeer::send(const std::string& octets) const {
  if (::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(octets.size())) {
    throw std::runtime_error("the keyserver hung up");
  }
}

std::string RawPeer::receive(std::size_t count) const {
  std::string octets(count, '\0');
  for (std::size_t received = 0; received < count;) {
    wait_for_input(socket_);
    const ssize_t got = recv(socket_, octets.data() + received, count - received, 0);
    if (got <= 0) {
      throw std::runtime_error("the keyserver hung up");
    }
    received += static_cast<std::size_t>(got);
  }
  return octets;
}

std::string RawPeer::receive_frame() const {
  const std::string head = receive(4);
  std::size_t length = 0;
  for (const char octet : head) {
    length = length << 8U | static_cast<unsigned char>(octet);
  }
  return head + receive(length);
}

bool RawPeer::is_hung_up() const {
  wait_for_input(socket_);
  char octet = 0;
  return recv(socket_, &octet, 1, 0) <= 0;
}

RawListener::RawListener()
    : port_(test::free_port()), socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const sockaddr_in own = socket_address("127.0.0.1", port_);
  const int yes = 1;
  setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(socket_, general(own), sizeof own) != 0 || listen(socket_, SOMAXCONN) != 0) {
    close(socket_);
    throw std::runtime_error("cannot listen");
  }
}

RawListener::~RawListener() {
  close(socket_);
}

RawPeer RawListener::accept() const {
  wait_for_input(socket_);
  return RawPeer(accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC));
}

PrivateNetwork::PrivateNetwork() : before_(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)) {
  if (before_ < 0 || unshare(CLONE_NEWNET) != 0) {
    close(before_);
    throw std::runtime_error("no network namespace without CAP_SYS_ADMIN");
  }
  must_run({"ip", "link", "set", "lo", "up"});
  must_run({"ip", "address", "add", std::string(address) + "/32", "dev", "lo"});
}

PrivateNetwork::~PrivateNetwork() {
  setns(before_, CLONE_NEWNET);
  close(before_);
}

}  // namespace contract
