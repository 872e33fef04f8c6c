// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/postgres/key_database.hpp"
#include "charm/socket/alarm.hpp"
#include "connection.hpp"

#include <pqxx/pqxx>

#include <chrono>
#include <string>
#include <vector>

namespace charm::postgres {

/// Time limits for queries of few rows, for counting all keys, for queries of many rows, and for
/// the index of a large table. A hook that counts has time left for the rest of its work.
inline constexpr std::chrono::seconds quick(10);
inline constexpr std::chrono::seconds counting(5);
inline constexpr std::chrono::seconds thorough(120);
inline constexpr std::chrono::seconds once(600);

/// A connection whose transactions have a time limit.
class KeyDatabase::Session {
 public:
  Session(const Target& target, int connect_timeout_seconds, const Deadline& end);

  /// Runs `work(pqxx::work&)` in a transaction, commits it and returns the result. Throws
  /// DatabaseError for exceptions of libpqxx. A charm::Error passes through after a rollback.
  template <typename Work>
  auto transact(std::chrono::seconds limit, const Work& work) {
    const auto longest = allowed(limit);
    socket::Alarm alarm(longest + grace);
    alarm.watch(connection_.sock());
    try {
      pqxx::work transaction(connection_);
      transaction.exec(limits(longest));
      auto result = work(transaction);
      transaction.commit();
      return result;
    } catch (const InputError&) {
      throw;
    } catch (const Error&) {
      throw;
    } catch (const std::exception& fault) {
      throw failure(fault, alarm.passed());
    }
  }

 private:
  /// The server's own limit expires first.
  static constexpr std::chrono::seconds grace{1};

  /// Returns the time until the deadline, at most `limit`. Work that is done once has its own
  /// limit alone: cut short, it would never be done. Throws DatabaseError if no time is left.
  std::chrono::milliseconds allowed(std::chrono::seconds limit) const;
  static std::string limits(std::chrono::milliseconds limit);
  DatabaseError failure(const std::exception& fault, bool too_late) const;

  std::string password_;
  ConnectionParameters parameters_;
  pqxx::connection connection_;
  const Deadline* end_;
};

/// Whether the database has the table. The server's search path resolves `name`.
bool has_table(pqxx::work& transaction, const char* name);

/// Returns texts as one parameter of the type text[].
std::string text_array(const std::vector<std::string>& texts);

/// The same for fingerprints. Throws charm::Error if one is not a fingerprint.
std::string fingerprint_array(const std::vector<std::string>& fingerprints);

std::vector<std::string> first_column(const pqxx::result& rows);

}  // namespace charm::postgres
