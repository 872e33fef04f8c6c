// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/go_text.hpp"
#include "rehearsal/pebble/state_lock.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <thread>

namespace rehearsal::pebble {

/// Runs functions after a while, one at a time, with the lock held.
class Timers {
 public:
  explicit Timers(StateLock& lock);
  ~Timers();
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;

  /// Lock held.
  void after(Duration delay, std::function<void()> action);

 private:
  using Clock = std::chrono::steady_clock;

  void run();

  StateLock& lock_;
  std::condition_variable due_;
  std::multimap<Clock::time_point, std::function<void()>> pending_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace rehearsal::pebble
