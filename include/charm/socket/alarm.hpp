// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace charm::socket {

/// Shuts the watched socket down at its moment. A read that waits on it then sees that the other
/// side has hung up. For libraries that wait on a socket themselves: libpq waits forever for a
/// server whose disk hangs, and TLS reads as long as a server sends one byte now and then.
class Alarm {
 public:
  explicit Alarm(std::chrono::milliseconds from_now);
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;
  ~Alarm();

  /// Watches this socket instead of the previous one.
  void watch(int socket);

  /// Watches no socket. Call this before the socket is closed.
  void unwatch() { watch(none); }

  /// Sets another moment.
  void set(std::chrono::milliseconds from_now);

  [[nodiscard]] bool passed() { return left().count() <= 0; }

  [[nodiscard]] std::chrono::milliseconds left();

 private:
  static constexpr int none = -1;

  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::chrono::steady_clock::time_point moment_;
  int socket_ = none;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace charm::socket
