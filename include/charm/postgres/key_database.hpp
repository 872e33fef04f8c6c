// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/answers.hpp"
#include "charm/domain/block_list.hpp"
#include "charm/domain/error.hpp"
#include "charm/postgres/probe.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace charm::postgres {

/// The database could not be asked, or refused. `what()` is one line for a person and never holds
/// the password.
class DatabaseError : public Error {
 public:
  DatabaseError(Outcome outcome, const std::string& reason) : Error(reason), outcome_(outcome) {}

  /// As for ProbeResult; never `ready`. A server that is too slow or too busy is `unreachable`.
  [[nodiscard]] Outcome outcome() const { return outcome_; }

 private:
  Outcome outcome_;
};

/// What prepare() left behind.
struct Preparation {
  bool enforced = false;  ///< Blocked keys are refused. False until Hockeypuck made its tables.
  bool indexed = false;   ///< Keys are deleted without reading all subkeys.
  std::size_t taken_over = 0;  ///< Entries that this call took from the Python charm's list.
};

/// A fingerprint and the key it belongs to.
struct ResolvedKey {
  std::string asked;    ///< Of a key or of one of its subkeys.
  std::string primary;  ///< The key's own fingerprint; `asked` where the key is absent.
  bool present = false;
};

/// A part of the block list.
struct BlockListPage {
  std::vector<BlockedKey> entries;  ///< The latest first.
  std::int64_t total = 0;           ///< How many match, on all pages.
};

/// OpenPGP packets (RFC 9580) of one stored key.
struct KeyPackets {
  std::string fingerprint;
  std::string packets;  ///< Binary.
};

struct Statistics {
  std::int64_t keys = 0;
  std::int64_t blocked_keys = 0;
  std::int64_t database_size = 0;  ///< In bytes.
  std::string server_version;      ///< `15.18`
  std::string tls;                 ///< Of this connection, `TLSv1.3`; empty: it has none.
};

/// The keyserver's database over one connection. Fingerprints are 40 or 64 lower-case hexadecimal
/// digits, anything else is a charm::Error before the database is asked. Everything throws
/// DatabaseError; nothing waits forever. Where Hockeypuck has not made its tables there are no
/// keys.
class KeyDatabase {
 public:
  /// Connects as probe() does.
  KeyDatabase(const Target& target, int connect_timeout_seconds);

  KeyDatabase(const KeyDatabase&) = delete;
  KeyDatabase& operator=(const KeyDatabase&) = delete;
  ~KeyDatabase();

  /// Makes what is missing of: the table `blocked_keys`, the trigger that refuses its keys, the
  /// index that makes deleting quick. Takes the Python charm's table `deleted_keys` over, once.
  /// One query and no lock where nothing is missing. Several units may do it at the same time.
  Preparation prepare();

  /// Finds the keys of many fingerprints, in their order.
  std::vector<ResolvedKey> resolve(const std::vector<std::string>& fingerprints);
  /// What tells states of a key apart, as in openpgp::Certificate, of many keys in their order;
  /// empty where the key is absent. Takes fingerprints of any length.
  std::vector<std::string> digests(const std::vector<std::string>& fingerprints);
  /// The packet of the key itself, without user IDs and signatures, of those that are stored.
  std::vector<KeyPackets> primary_packets(const std::vector<std::string>& fingerprints);

  /// Blocks keys, stored or not; does not delete. One that is blocked already keeps its date and
  /// gets the comment, unless that is empty. Comment and name go through block_comment().
  Blocking block(const std::vector<std::string>& fingerprints, const std::string& comment,
                 const std::string& by);
  /// Whether all that could still store a blocked key has ended by now.
  bool has_settled(const Blocking& blocking);
  /// Returns those that had been blocked, sorted.
  std::vector<std::string> unblock(const std::vector<std::string>& fingerprints);
  /// Returns those that are blocked, sorted.
  std::vector<std::string> blocked_among(const std::vector<std::string>& fingerprints);
  /// The entries with the text in fingerprint, comment or name, in any case; all for an empty text.
  BlockListPage block_list(const std::string& text, std::int64_t limit, std::int64_t offset = 0);
  /// Blocked keys that are stored nevertheless, sorted. Looks each blocked key up.
  std::vector<std::string> stored_blocked_keys(std::int64_t limit);

  /// Hands the whole block list out in pieces of some thousand lines: block_list_header, then one
  /// block_list_line() each, sorted by fingerprint.
  void export_block_list(const std::function<void(std::string_view)>& write);
  /// Blocks what such a text lists, all or nothing. Entries that do not say who get `by`. Throws
  /// charm::Error that names the line.
  BlockListImport import_block_list(std::string_view text, const std::string& by);

  /// Asks for all of it; counts every key, which takes a second for some million.
  Statistics statistics();
  /// How many digests a complete prefix tree has: one for each key, counted.
  std::int64_t digest_count();
  bool has_keys();
  /// Names this database: the same at each of its servers, a different name for one that was made
  /// again or restored elsewhere.
  std::string identity();

  /// Hands out all stored keys, complete, a few hundred at a time, sorted by reversed fingerprint.
  /// Locks nothing in between: a key stored or deleted meanwhile may be missing or in it.
  void dump(const std::function<void(const std::vector<KeyPackets>&)>& write);

 private:
  class Session;
  std::unique_ptr<Session> session_;
};

}  // namespace charm::postgres
