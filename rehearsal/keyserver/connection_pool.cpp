// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/connection_pool.hpp"

namespace rehearsal::keyserver {

std::unique_ptr<pqxx::connection> ConnectionPool::take() {
  {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [this] { return in_use_ < limit; });
    ++in_use_;
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  try {
    return std::make_unique<pqxx::connection>(connection_string_);
  } catch (...) {
    put_back(nullptr);
    throw;
  }
}

void ConnectionPool::put_back(std::unique_ptr<pqxx::connection> connection) {
  const std::lock_guard lock(mutex_);
  --in_use_;
  if (connection) {
    idle_.push_back(std::move(connection));
  }
  returned_.notify_one();
}

void ConnectionPool::forget_idle() {
  const std::lock_guard lock(mutex_);
  idle_.clear();
}

}  // namespace rehearsal::keyserver
