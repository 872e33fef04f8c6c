// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace charm::socket {

/// A moment at which the watched socket is shut down. A read that waits on it then sees that the
/// other side has hung up. A limit for single reads does not stop a server that sends one byte now
/// and then. libpq waits forever for a server whose disk hangs.
class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds from_now);
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline();

  /// Watches this socket instead of the previous one.
  void watch(int socket);

  /// Watches no socket. Call this before the socket is closed.
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
