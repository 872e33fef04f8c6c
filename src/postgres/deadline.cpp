// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "deadline.hpp"

#include <sys/socket.h>

namespace charm::postgres {

Deadline::Deadline(int socket, std::chrono::milliseconds limit)
    : thread_([this, socket, limit] { watch(socket, limit); }) {}

Deadline::~Deadline() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    over_ = true;
  }
  change_.notify_one();
  thread_.join();
}

bool Deadline::has_expired() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return expired_;
}

void Deadline::watch(int socket, std::chrono::milliseconds limit) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (!change_.wait_for(lock, limit, [this] { return over_; })) {
    expired_ = true;
    // Not closed: the number stays libpq's, which now reads the end of the stream.
    ::shutdown(socket, SHUT_RDWR);
  }
}

}  // namespace charm::postgres
