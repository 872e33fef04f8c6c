// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>

namespace charm {

/// The moment at which something must have ended. It does not follow the system's clock, which may
/// jump.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  /// No limit.
  Deadline() = default;

  explicit Deadline(Clock::duration from_now) : moment_(Clock::now() + from_now) {}

  [[nodiscard]] bool passed() const { return Clock::now() >= moment_; }

  /// Returns the remaining time, at most `longest`, and never a negative time.
  [[nodiscard]] std::chrono::milliseconds left(std::chrono::milliseconds longest) const {
    if (moment_ == Clock::time_point::max()) {
      return longest;
    }
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(moment_ - Clock::now());
    return std::clamp(rest, std::chrono::milliseconds(0), longest);
  }

  /// Moves the moment: time that was planned does not count.
  void postpone(Clock::duration by) {
    if (moment_ != Clock::time_point::max()) {
      moment_ += by;
    }
  }

 private:
  Clock::time_point moment_ = Clock::time_point::max();
};

inline const Deadline no_deadline;

}  // namespace charm
