// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/socket/alarm.hpp"

#include <sys/socket.h>

namespace charm::socket {

using Clock = std::chrono::steady_clock;

Alarm::Alarm(std::chrono::milliseconds from_now)
    : moment_(Clock::now() + from_now), thread_([this] { run(); }) {}

Alarm::~Alarm() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Alarm::watch(int socket) {
  const std::lock_guard lock(mutex_);
  socket_ = socket;
}

void Alarm::set(std::chrono::milliseconds from_now) {
  {
    const std::lock_guard lock(mutex_);
    moment_ = Clock::now() + from_now;
  }
  changed_.notify_all();
}

std::chrono::milliseconds Alarm::left() {
  const std::lock_guard lock(mutex_);
  return std::chrono::ceil<std::chrono::milliseconds>(moment_ - Clock::now());
}

void Alarm::run() {
  // The first call may have no effect on a socket that is still connecting.
  constexpr auto again = std::chrono::milliseconds(50);
  std::unique_lock lock(mutex_);
  while (!over_) {
    if (Clock::now() < moment_) {
      changed_.wait_until(lock, moment_);
      continue;
    }
    if (socket_ != none) {
      // Does not close the socket, because its owner still uses the number.
      ::shutdown(socket_, SHUT_RDWR);
    }
    changed_.wait_for(lock, again);
  }
}

}  // namespace charm::socket
