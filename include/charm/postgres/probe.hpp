// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/answers.hpp"
#include "charm/domain/deadline.hpp"

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

/// Connects, asks whether the server accepts writes and which role owns the keyserver's tables, and
/// disconnects. Takes at most `timeout_seconds` (at least 2, libpq's own minimum) for each address
/// of the host. After the deadline, the server counts as unreachable. Does not throw.
ProbeResult probe(const Target& target, int timeout_seconds, const Deadline& end = no_deadline);

}  // namespace charm::postgres
