// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/answers.hpp"
#include "charm/domain/block_list.hpp"
#include "charm/domain/deadline.hpp"
#include "charm/domain/error.hpp"
#include "charm/domain/upload_policy.hpp"
#include "charm/postgres/probe.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace charm::postgres {

/// The database could not be reached, or refused. `what()` is one line for the operator and never
/// contains the password.
class DatabaseError : public Error {
 public:
  DatabaseError(Outcome outcome, const std::string& reason) : Error(reason), outcome_(outcome) {}

  /// As in ProbeResult; never `ready`. A server that is too slow or too busy is `unreachable`.
  [[nodiscard]] Outcome outcome() const { return outcome_; }

 private:
  Outcome outcome_;
};

/// A fingerprint, and the key that it belongs to.
struct ResolvedKey {
  std::string asked;    ///< Fingerprint of a key or of a subkey.
  std::string primary;  ///< The key's own fingerprint; equal to `asked` if the key is absent.
  bool present = false;
};

/// A part of the block list.
struct BlockListPage {
  std::vector<BlockedKey> entries;  ///< The latest first.
  std::int64_t total = 0;           ///< The number of matching entries on all pages.
};

/// OpenPGP packets (RFC 9580) of one stored key.
struct KeyPackets {
  std::string fingerprint;
  std::string packets;  ///< Binary.
};

/// Keys to find. An empty text matches every key. All conditions must hold.
struct KeySearch {
  std::string since;              ///< First stored at this time or later, UTC as in utc_text().
  std::string until;              ///< First stored before this time.
  std::string user_id;            ///< A POSIX regular expression for a user ID, ignoring case.
  bool self_signed_only = false;  ///< No other key has signed one of the user IDs.
};

/// A part of the keys of a search.
struct FoundKeys {
  std::vector<std::string> fingerprints;
  std::int64_t examined = 0;  ///< The keys of the time span that were examined for this part.
};

struct Statistics {
  std::int64_t keys = 0;
  std::int64_t blocked_keys = 0;
  std::string uploads;             ///< The value of the option `uploads` that is enforced.
  std::int64_t database_size = 0;  ///< In bytes.
  std::string server_version;      ///< `15.18`
  std::string tls;                 ///< Of this connection, `TLSv1.3`; empty without TLS.
};

/// The keyserver's database over one connection. Fingerprints are 40 or 64 lower-case hexadecimal
/// digits; for any other text a function throws charm::Error without a query. Every function throws
/// DatabaseError, and none waits forever. There are no keys until Hockeypuck has made its tables.
class KeyDatabase {
 public:
  /// Connects in the same way as probe(). A query that has not ended at the deadline throws, except
  /// the index of a large table.
  KeyDatabase(const Target& target, int connect_timeout_seconds, const Deadline& end = no_deadline);

  KeyDatabase(const KeyDatabase&) = delete;
  KeyDatabase& operator=(const KeyDatabase&) = delete;
  ~KeyDatabase();

  /// Creates these objects if they are missing: the tables `blocked_keys` and `upload_policy`, the
  /// triggers that enforce them, and the index for fast deletion. Copies the Python charm's table
  /// `deleted_keys`, once. If nothing is missing, it needs one query and no lock. Several units may
  /// do it at the same time. Returns whether the block list and the upload policy are enforced:
  /// they are once Hockeypuck has made its tables.
  bool prepare();

  /// Prepares the database, and makes it accept these keys and no others, from every source. Writes
  /// only if that is a change. Needs no lock on the keys if nothing is missing.
  KeptUploads keep_uploads(const UploadPolicy& policy);
  /// Returns the value of the option `uploads` that the database enforces.
  std::string enforced_uploads();

  /// Finds the keys of many fingerprints, in the given order.
  std::vector<ResolvedKey> resolve(const std::vector<std::string>& fingerprints);
  /// Returns the digests of many keys, as in openpgp::Certificate, in the given order. A digest is
  /// empty if the key is absent. Accepts fingerprints of any length.
  std::vector<std::string> digests(const std::vector<std::string>& fingerprints);
  /// Returns the primary-key packet, without user IDs and signatures, of each stored key.
  std::vector<KeyPackets> primary_packets(const std::vector<std::string>& fingerprints);

  /// Blocks keys, stored or not, and deletes none. A key that is already blocked keeps its date,
  /// and gets the comment unless that is empty. Comment and name pass through block_comment().
  Blocking block(const std::vector<std::string>& fingerprints, const std::string& comment,
                 const std::string& by);
  /// Finds the transactions that may still store a key that is blocked now, because its trigger ran
  /// earlier. Waits two seconds for their end.
  Blocking await_earlier_writers();
  /// Whether all of them have ended.
  bool has_settled(const Blocking& blocking);
  /// Returns the keys that were blocked before, sorted.
  std::vector<std::string> unblock(const std::vector<std::string>& fingerprints);
  /// Returns the given keys that are blocked, sorted.
  std::vector<std::string> blocked_among(const std::vector<std::string>& fingerprints);
  /// Returns the entries that contain the text in fingerprint, comment or name, ignoring case.
  /// Returns all for an empty text.
  BlockListPage block_list(const std::string& text, std::int64_t limit, std::int64_t offset = 0);
  /// Returns blocked keys after this fingerprint that are stored nevertheless, sorted. Looks up
  /// each blocked key.
  std::vector<std::string> stored_blocked_keys(std::int64_t limit, const std::string& after = {});

  /// Passes the whole block list on in pieces of a few thousand lines. First comes
  /// block_list_header, then one block_list_line() for each entry, sorted by fingerprint.
  void export_block_list(const std::function<void(std::string_view)>& write);
  /// Blocks all keys of such a text, or none. Entries without a name get `by`. Throws charm::Error
  /// that names the line.
  BlockListImport import_block_list(std::string_view text, const std::string& by);

  /// Reads all statistics. Counts every key, which takes a second for a few million.
  Statistics statistics();
  /// Counts the keys, each of which has one digest in a complete prefix tree, and those that are
  /// older than `settling`.
  KeyCount count_keys(std::chrono::seconds settling);
  bool has_keys();
  /// Returns a name for this database. All its servers return the same name. A database that was
  /// made again or restored elsewhere has a different name.
  std::string identity();

  /// Passes the keys of a search on, a few thousand examined keys at a time. Each part has its own
  /// read-only transaction with this time limit. Throws InputError if PostgreSQL refuses the
  /// regular expression.
  void find_keys(const KeySearch& search, const std::function<void(const FoundKeys&)>& pass_on,
                 std::chrono::seconds limit = std::chrono::seconds(120));

  /// Passes all stored keys on, complete, in groups of a few hundred, sorted by reversed
  /// fingerprint. Takes no lock between the groups, so a key that is stored or deleted during the
  /// dump may be included or missing.
  void dump(const std::function<void(const std::vector<KeyPackets>&)>& write);

 private:
  class Session;
  std::unique_ptr<Session> session_;
};

}  // namespace charm::postgres
