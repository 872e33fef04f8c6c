// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace charm::postgres {

/// Ends the conversation on a socket that takes too long: libpq waits for an answer for ever, and a
/// server whose disk hangs does not even mind its own statement_timeout.
class Deadline {
 public:
  Deadline(int socket, std::chrono::milliseconds limit);

  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline();

  bool has_expired() const;

 private:
  void watch(int socket, std::chrono::milliseconds limit);

  mutable std::mutex mutex_;
  std::condition_variable change_;
  bool over_ = false;
  bool expired_ = false;
  std::thread thread_;
};

}  // namespace charm::postgres
