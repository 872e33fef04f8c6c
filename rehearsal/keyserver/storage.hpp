// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/certificate.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

/// A certificate as it is in the database.
struct StoredCertificate {
  Certificate certificate = {};
  /// The digest column: names this state of the row.
  std::string digest = {};
};

/// The tables of Hockeypuck 2.3 in PostgreSQL. Safe to use from several threads. Every member
/// throws what pqxx throws when the database is away, and MalformedData for a row that cannot be
/// read.
class Storage {
 public:
  /// Connects and creates the tables and indexes that are missing.
  Storage(const std::string& connection_string, std::int64_t query_limit);

  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;
  ~Storage();

  /// The fingerprint of the primary key with this fingerprint or key ID (lower-case hexadecimal),
  /// or with a subkey that has it.
  std::optional<std::string> resolve(const std::string& id);
  std::optional<StoredCertificate> find(const std::string& fingerprint);
  std::optional<StoredCertificate> find_by_digest(const std::string& digest);
  /// By the words of user IDs; at most as many as the query limit.
  std::vector<StoredCertificate> find_by_words(const std::string& search);

  /// False when there is such a row already, or when a trigger refuses it.
  bool insert(const Certificate& certificate);
  /// As hockeypuck-load inserts many keys: by way of temporary tables of the same names, and with
  /// one statement for each table, so that one refused key may be the end of all. The digests of
  /// the inserted keys: neither of stored nor of repeated ones.
  std::vector<std::string> insert_in_bulk(const std::vector<Certificate>& certificates);
  /// False when the row is not in that state any more.
  bool update(const Certificate& certificate, const std::string& previous_digest);
  /// The digest of the removed key; nothing when there was no such key.
  std::optional<std::string> remove(const std::string& fingerprint);
  /// The digest of the key that was there; nothing when there was none. A trigger may refuse the
  /// new one: then there is no key.
  std::optional<std::string> replace(const Certificate& certificate);

  /// Of all keys.
  std::set<std::string> digests();

 private:
  struct Connection;

  std::vector<StoredCertificate> select(const std::string& condition, const std::string& argument,
                                        std::int64_t limit);

  /// Runs `work(pqxx::work&)` in a transaction and returns its result. A connection that turns out
  /// to be dead is replaced, and the work is tried a second time.
  template <typename Work>
  auto transact(Work work);

  std::string connection_string_;
  std::int64_t query_limit_;
  /// One thread works on the database at a time.
  std::mutex mutex_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace rehearsal::keyserver
