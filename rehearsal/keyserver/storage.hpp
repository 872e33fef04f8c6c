// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/bulk_insertion.hpp"
#include "rehearsal/keyserver/certificate.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

class ConnectionPool;

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
  /// Connects and creates what is missing of the tables and their indexes.
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

  /// False when there is such a row already, or when the database does not take it.
  bool insert(const Certificate& certificate);
  /// All at once. Throws BulkFailure; then none is inserted.
  BulkInsertion insert_in_bulk(const std::vector<Certificate>& certificates);
  /// False when the row is not in that state any more.
  bool update(const Certificate& certificate, const std::string& previous_digest);
  /// The digest of what was replaced; nothing when there was no such key: then nothing is stored.
  std::optional<std::string> replace(const Certificate& certificate);
  /// The digest of what was removed; nothing when there was no such key.
  std::optional<std::string> remove(const std::string& fingerprint);

  /// Of all keys.
  std::set<std::string> digests();

 private:
  std::vector<StoredCertificate> select(const std::string& condition, const std::string& argument,
                                        std::int64_t limit);

  std::unique_ptr<ConnectionPool> pool_;
  std::int64_t query_limit_;
};

}  // namespace rehearsal::keyserver
