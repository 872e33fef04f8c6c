// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

/// What the programs outside the charm answer, in plain values. PostgreSQL's client is C++17, so
/// this header is, too.
namespace charm {

/// What the keyserver itself answers on its HKP port.
enum class KeyserverHealth {
  unreachable,       ///< Nothing answers.
  database_failing,  ///< It answers, but its database does not.
  serving,           ///< A look-up went through to the database.
};

namespace keyserver {

struct Answer {
  int status = 0;     ///< HTTP status; 0: no answer in time, or the answer was too long.
  std::string body;   ///< At most Client::longest_body bytes.
  std::string error;  ///< Why there is no status, in a few words.
};

enum class StoredKey {
  unknown,  ///< The keyserver does not answer, or its database does not.
  absent,
  present,
  revoked,  ///< Present, and its owner revoked it, for whatever reason.
};

}  // namespace keyserver

namespace postgres {

enum class Outcome {
  ready,        ///< Connected, and this server accepts writes.
  read_only,    ///< Connected to a standby: another endpoint, or a later moment, is right.
  unreachable,  ///< No server, or not yet: wait.
  untrusted,    ///< The server's certificate does not satisfy `verify-full`: a person must act.
  not_ours,     ///< Connected, but the keyserver's tables are another role's: a person must act.
  refused,      ///< The server answers and refuses us: credentials, pg_hba or a missing database.
};

struct ProbeResult {
  Outcome outcome = Outcome::unreachable;
  std::string reason;          ///< One line for a person; never holds the password.
  std::string server_version;  ///< `15.18`, when connected.
};

struct Blocking {
  std::vector<std::string> added;  ///< Those that had not been blocked.
  /// No upload or load that began before can still store one of them. False when one of those took
  /// longer than two seconds: delete and look again when it has ended.
  bool settled = false;
  std::vector<std::string> earlier;  ///< Transactions that had begun before; for has_settled().
};

struct BlockListImport {
  std::size_t entries = 0;  ///< Lines with a fingerprint.
  std::size_t added = 0;    ///< Those that had not been blocked.
};

}  // namespace postgres
}  // namespace charm
