// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace charm::socket {

/// A moment after which the watched socket is of no use any more: a read that waits on it sees that
/// the other side has hung up. Limits for single reads do not bound a server that sends a byte now
/// and then, and libpq waits forever for a server whose disk hangs.
class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds from_now);
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline();

  /// Watches this socket from now on instead of the one before.
  void watch(int socket);

  /// Watches none. Call it before the socket is closed.
  void unwatch() { watch(none); }

  [[nodiscard]] bool passed() const { return left().count() <= 0; }

  [[nodiscard]] std::chrono::milliseconds left() const;

 private:
  static constexpr int none = -1;

  void run();

  std::chrono::steady_clock::time_point moment_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int socket_ = none;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace charm::socket
