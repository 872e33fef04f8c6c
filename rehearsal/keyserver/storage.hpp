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

/// A certificate in the database.
struct StoredCertificate {
  Certificate certificate = {};
  /// The digest column, which identifies this state of the row.
  std::string digest = {};
};

/// The tables of Hockeypuck 2.3 in PostgreSQL. Safe to use from several threads. Every member
/// throws exceptions of pqxx if the database fails, and MalformedData for an unreadable row.
class Storage {
 public:
  /// Connects and creates the missing tables and indexes.
  Storage(const std::string& connection_string, std::int64_t query_limit);

  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;
  ~Storage();

  /// Returns the fingerprint of the primary key with this fingerprint or key ID (lower-case
  /// hexadecimal), or of the key whose subkey has it.
  std::optional<std::string> resolve(const std::string& id);
  std::optional<StoredCertificate> find(const std::string& fingerprint);
  std::optional<StoredCertificate> find_by_digest(const std::string& digest);
  /// Searches by the words of user IDs, up to the query limit.
  std::vector<StoredCertificate> find_by_words(const std::string& search);

  /// Returns false if the row exists already, or if a trigger refuses it.
  bool insert(const Certificate& certificate);
  /// Inserts many keys as hockeypuck-load does: through temporary tables of the same names, with
  /// one statement for each table. One refused key may therefore fail all. Returns the digests of
  /// the inserted keys, without stored and repeated ones.
  std::vector<std::string> insert_in_bulk(const std::vector<Certificate>& certificates);
  /// Returns false if the row is no longer in that state.
  bool update(const Certificate& certificate, const std::string& previous_digest);
  /// Returns the digest of the removed key, or nothing if there was no such key.
  std::optional<std::string> remove(const std::string& fingerprint);
  /// Returns the digest of the old key, or nothing if there was none. A trigger may refuse the new
  /// one: then there is no key.
  std::optional<std::string> replace(const Certificate& certificate);

  /// Returns the digests of all keys.
  std::set<std::string> digests();

 private:
  struct Connection;

  std::vector<StoredCertificate> select(const std::string& condition, const std::string& argument,
                                        std::int64_t limit);

  /// Runs `work(pqxx::work&)` in a transaction and returns its result. Replaces a dead connection,
  /// and then tries the work a second time.
  template <typename Work>
  auto transact(Work work);

  std::string connection_string_;
  std::int64_t query_limit_;
  /// One thread works on the database at a time.
  std::mutex mutex_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace rehearsal::keyserver
