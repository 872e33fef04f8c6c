// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace charm::postgres {

/// Where to connect. Plain strings only: the one file with libpqxx is compiled as C++17.
struct Target {
  std::string host;
  unsigned short port = 5432;
  std::string database;
  std::string user;
  std::string password;
  std::string ssl_mode;  ///< libpq's word: `disable`, `require` or `verify-full`.
  std::string ca;        ///< PEM text, for `verify-full`.
};

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

/// Connects, asks whether the server accepts writes and whose the keyserver's tables are, and
/// disconnects; never longer than
/// `timeout_seconds` (at least 2, libpq's own minimum) for each address of the host. Does not
/// throw.
ProbeResult probe(const Target& target, int timeout_seconds);

}  // namespace charm::postgres
