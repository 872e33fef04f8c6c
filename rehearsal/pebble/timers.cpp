// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/timers.hpp"

#include <utility>

namespace rehearsal::pebble {

Timers::Timers(StateLock& lock) : lock_(lock), thread_([this] { run(); }) {}

Timers::~Timers() {
  {
    const auto held = lock_.hold();
    stopping_ = true;
    due_.notify_all();
  }
  thread_.join();
}

void Timers::after(Duration delay, std::function<void()> action) {
  pending_.emplace(Clock::now() + delay, std::move(action));
  due_.notify_all();
}

void Timers::run() {
  auto held = lock_.hold();
  while (!stopping_) {
    if (pending_.empty()) {
      due_.wait(held);
      continue;
    }
    const auto next = pending_.begin();
    if (next->first > Clock::now()) {
      const Clock::time_point until = next->first;
      due_.wait_until(held, until);
      continue;
    }
    const auto action = std::move(next->second);
    pending_.erase(next);
    action();
  }
}

}  // namespace rehearsal::pebble
