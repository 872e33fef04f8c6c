// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pqxx/pqxx>

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

/// A few connections to one database, opened when needed and shared by all threads.
class ConnectionPool {
 public:
  explicit ConnectionPool(std::string connection_string)
      : connection_string_(std::move(connection_string)) {}

  /// Runs `work(pqxx::work&)` in a transaction and returns its result. A connection that turns
  /// out to be dead is replaced, and the work is tried a second time. Throws what pqxx throws.
  template <typename Work>
  auto transact(Work work) {
    try {
      return attempt(work);
    } catch (const pqxx::broken_connection&) {
      // The server was restarted: the other idle connections are as dead as this one.
      forget_idle();
    }
    return attempt(work);
  }

 private:
  static constexpr std::size_t limit = 4;

  /// Puts its connection back unless it failed.
  class Lease {
   public:
    explicit Lease(ConnectionPool& pool) : pool_(pool), connection_(pool.take()) {}

    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    ~Lease() { pool_.put_back(std::move(connection_)); }

    pqxx::connection& connection() { return *connection_; }

    void discard() { connection_.reset(); }

   private:
    ConnectionPool& pool_;
    std::unique_ptr<pqxx::connection> connection_;
  };

  template <typename Work>
  auto attempt(Work& work) {
    Lease lease(*this);
    try {
      pqxx::work transaction(lease.connection());
      auto result = work(transaction);
      transaction.commit();
      return result;
    } catch (const pqxx::broken_connection&) {
      lease.discard();
      throw;
    }
  }

  std::unique_ptr<pqxx::connection> take();
  /// Nothing: the connection was lost, its place is free.
  void put_back(std::unique_ptr<pqxx::connection> connection);
  void forget_idle();

  std::string connection_string_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::size_t in_use_ = 0;
  std::vector<std::unique_ptr<pqxx::connection>> idle_;
};

inline std::unique_ptr<pqxx::connection> ConnectionPool::take() {
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

inline void ConnectionPool::put_back(std::unique_ptr<pqxx::connection> connection) {
  const std::lock_guard lock(mutex_);
  --in_use_;
  if (connection) {
    idle_.push_back(std::move(connection));
  }
  returned_.notify_one();
}

inline void ConnectionPool::forget_idle() {
  const std::lock_guard lock(mutex_);
  idle_.clear();
}

}  // namespace rehearsal::keyserver
