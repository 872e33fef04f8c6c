// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

/// The answers of the programs outside the charm, as plain values. PostgreSQL's client is C++17, so
/// this header is C++17 as well.
namespace charm {

/// The keyserver's answer on its HKP port.
enum class KeyserverHealth {
  unreachable,       ///< Nothing answers.
  database_failing,  ///< It answers, but its database does not.
  serving,           ///< A lookup reached the database.
};

namespace keyserver {

struct Answer {
  int status = 0;     ///< HTTP status; 0: no complete answer in time, or the answer was too long.
  std::string body;   ///< At most Client::longest_body bytes.
  std::string error;  ///< Why there is no status, in a few words.
};

enum class StoredKey {
  unknown,  ///< The keyserver does not answer, or its database does not.
  absent,
  present,
  revoked,  ///< Present, and its owner revoked it, for any reason.
};

}  // namespace keyserver

namespace postgres {

enum class Outcome {
  ready,        ///< Connected, and this server accepts writes.
  read_only,    ///< Connected to a standby: try another endpoint, or try later.
  unreachable,  ///< No server yet, or no answer: wait.
  untrusted,    ///< The server's certificate does not satisfy `verify-full`: an operator must act.
  not_ours,     ///< Connected, but another role owns the keyserver's tables: an operator must act.
  refused,      ///< The server rejects the charm: credentials, pg_hba or a missing database.
};

struct ProbeResult {
  Outcome outcome = Outcome::unreachable;
  std::string reason;  ///< One line for the operator; never contains the password.
  std::string cause;   ///< The reason without the server's address, for a status.
};

struct Blocking {
  /// True if no upload or load that began earlier can still store one of these keys. False if one
  /// of them ran for more than two seconds: delete the keys, and look again when it has ended.
  bool settled = false;
  std::vector<std::string> earlier;  ///< Transactions that began earlier; for has_settled().
};

struct KeyCount {
  std::int64_t keys = 0;
  std::int64_t settled = 0;  ///< The keys that are older than a given time.
};

struct KeptUploads {
  bool enforced = false;  ///< False until the keyserver has made its tables.
};

struct BlockListImport {
  std::size_t entries = 0;  ///< Lines with a fingerprint.
  std::size_t added = 0;    ///< The entries that were not blocked before.
};

}  // namespace postgres
}  // namespace charm
