// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/stop_signal.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <stdexcept>
#include <system_error>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace rehearsal::keyserver {
namespace {

/// poll(2) that goes on after a signal.
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

}  // namespace rehearsal::keyserver
