// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/certificate.hpp"

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
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

/// The figures that hockeypuck-load reports of keys that it inserts together. A trigger may have
/// kept out some of them.
struct BulkInsertion {
  std::vector<std::string> digests = {};
  std::size_t subkeys = 0;
  /// Stored keys, in whatever state, and repeated ones.
  std::size_t duplicates = 0;
  bool operator==(const BulkInsertion&) const = default;
};

/// None of the keys was inserted.
class BulkFailure : public std::runtime_error {
 public:
  /// `what` was not possible, because of `reason`.
  BulkFailure(const std::string& what, const std::string& reason)
      : std::runtime_error(what + ": " + reason), reason_(reason) {}

  const std::string& reason() const { return reason_; }

 private:
  std::string reason_;
};

/// An error of the database as Hockeypuck's driver reports it: "pq: …", one line.
std::string driver_text(const std::exception& error);

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
  /// one statement for each table, so that one refused key may be the end of all. Throws
  /// BulkFailure.
  BulkInsertion insert_in_bulk(const std::vector<Certificate>& certificates);
  /// False when the row is not in that state any more.
  bool update(const Certificate& certificate, const std::string& previous_digest);
  /// The digest of the removed key; nothing when there was no such key.
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
