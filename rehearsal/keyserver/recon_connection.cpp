// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/recon_connection.hpp"

#include "rehearsal/keyserver/octets.hpp"

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rehearsal::keyserver {
namespace {

constexpr std::chrono::seconds silence_limit{300};
constexpr std::chrono::seconds connect_limit{30};
/// Hockeypuck's limit; the protocol has no longer messages.
constexpr std::uint64_t length_limit = 1U << 24U;
constexpr std::size_t octets_of_length = 4;

bool would_block() {
  return errno == EAGAIN || errno == EINTR;
}

int error_of(int socket) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

/// Calls poll(2), and continues after a signal.
void poll_until(std::array<pollfd, 2>& waiting, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    const int time = left.count() > 0 ? static_cast<int>(left.count()) : 0;
    if (poll(waiting.data(), waiting.size(), time) >= 0 || errno != EINTR) {
      return;
    }
  }
}

}  // namespace

StopSignal::StopSignal() : descriptor_(eventfd(0, EFD_CLOEXEC)) {
  if (descriptor_ < 0) {
    throw std::system_error(errno, std::generic_category(), "eventfd");
  }
}

StopSignal::~StopSignal() {
  close(descriptor_);
}

void StopSignal::raise() const {
  const std::uint64_t once = 1;
  [[maybe_unused]] const ssize_t written = write(descriptor_, &once, sizeof once);
}

void StopSignal::wait_for(int socket, short events, std::chrono::milliseconds limit) const {
  std::array waiting{pollfd{.fd = descriptor_, .events = POLLIN},
                     pollfd{.fd = socket, .events = events}};
  poll_until(waiting, limit);
  if (waiting[0].revents != 0) {
    throw std::runtime_error("the server stops");
  }
  if (waiting[1].revents == 0) {
    throw std::runtime_error("i/o timeout");
  }
}

bool StopSignal::sleep(std::chrono::milliseconds time) const {
  std::array waiting{pollfd{.fd = descriptor_, .events = POLLIN}, pollfd{.fd = -1}};
  poll_until(waiting, time);
  return waiting[0].revents == 0;
}

ReconConnection::ReconConnection(const IpAddress& address, std::uint16_t port,
                                 const StopSignal& stop)
    : socket_(start_connecting(address, port)), stop_(stop) {
  const std::string what = "dial tcp " + endpoint_text(address, port) + ": ";
  if (socket_ < 0) {
    throw std::runtime_error(what + "connect: " + error_text(errno));
  }
  try {
    stop_.wait_for(socket_, POLLOUT, connect_limit);
    if (const int error = error_of(socket_)) {
      throw std::runtime_error("connect: " + error_text(error));
    }
  } catch (const std::runtime_error& error) {
    close(socket_);
    throw std::runtime_error(what + error.what());
  }
}

ReconConnection::~ReconConnection() {
  close(socket_);
}

void ReconConnection::send(std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t sent = ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      octets.remove_prefix(static_cast<std::size_t>(sent));
    } else if (would_block()) {
      stop_.wait_for(socket_, POLLOUT, silence_limit);
    } else {
      throw std::runtime_error("write: " + error_text(errno));
    }
  }
}

std::string ReconConnection::receive(std::size_t count) {
  std::string octets(count, '\0');
  std::size_t received = 0;
  while (received < count) {
    stop_.wait_for(socket_, POLLIN, silence_limit);
    const ssize_t got = recv(socket_, octets.data() + received, count - received, 0);
    if (got == 0) {
      throw std::runtime_error("EOF");
    }
    if (got > 0) {
      received += static_cast<std::size_t>(got);
    } else if (!would_block()) {
      throw std::runtime_error("read: " + error_text(errno));
    }
  }
  return octets;
}

std::string ReconConnection::receive_text() {
  const std::uint64_t length = OctetReader(receive(octets_of_length)).number(octets_of_length);
  if (length > length_limit) {
    throw MalformedData("read length " + std::to_string(length) + " exceeds maximum limit");
  }
  return receive(length);
}

ReconMessage ReconConnection::receive_message() {
  return parse_recon_message(receive_text());
}

}  // namespace rehearsal::keyserver
