// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/socket/deadline.hpp"

#include <sys/socket.h>

namespace charm::socket {

Deadline::Deadline(std::chrono::milliseconds from_now)
    : moment_(std::chrono::steady_clock::now() + from_now), thread_([this] { run(); }) {}

Deadline::~Deadline() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Deadline::watch(int socket) {
  const std::lock_guard lock(mutex_);
  socket_ = socket;
}

std::chrono::milliseconds Deadline::left() const {
  return std::chrono::ceil<std::chrono::milliseconds>(moment_ - std::chrono::steady_clock::now());
}

void Deadline::run() {
  // The first call may have no effect on a socket that is still connecting.
  constexpr auto again = std::chrono::milliseconds(50);
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, moment_, [this] { return over_; });
  while (!over_) {
    if (socket_ != none) {
      // Does not close the socket, because its owner still uses the number.
      ::shutdown(socket_, SHUT_RDWR);
    }
    changed_.wait_for(lock, again, [this] { return over_; });
  }
}

}  // namespace charm::socket
