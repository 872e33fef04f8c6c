// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/postgres/probe.hpp"

#include <exception>
#include <string>

namespace charm::postgres {

/// Renders libpq's keyword/value string with quotes around every value. `ca_file` may be empty.
[[nodiscard]] std::string connection_string(const Target& target, const std::string& ca_file,
                                            int timeout_seconds);

/// Throws DatabaseError after the deadline.
void require_time_left(const Deadline& end);

/// libpq's connection string for a target, and the file with its certificate authority. Only this
/// process can open the file, which is removed with this object.
class ConnectionParameters {
 public:
  /// Throws DatabaseError if the target is not allowed, or after the deadline. libpq waits
  /// `timeout_seconds` (at least 2, its own minimum) for each address of the host.
  ConnectionParameters(const Target& target, int timeout_seconds, const Deadline& end);

  ConnectionParameters(const ConnectionParameters&) = delete;
  ConnectionParameters& operator=(const ConnectionParameters&) = delete;
  ~ConnectionParameters();

  const std::string& text() const { return text_; }

 private:
  int authority_ = -1;
  std::string text_;
};

/// Derives the reason of a failed connection from libpq's message, because neither libpq nor
/// libpqxx provides the SQLSTATE. libpq's own texts are English here, because this process never
/// calls setlocale(). A server's texts are in its `lc_messages`. A refusal in a language whose
/// severity is not written FATAL counts as unreachable.
[[nodiscard]] Outcome connection_outcome(const std::string& message);

/// The same for a failed query, from its SQLSTATE (PostgreSQL's appendix A).
[[nodiscard]] Outcome query_outcome(const std::string& sqlstate);

/// The same for any exception of libpqxx.
[[nodiscard]] Outcome outcome_of(const std::exception& fault);

/// Makes one line from a message, without the password.
[[nodiscard]] std::string one_line(const std::string& message, const std::string& password);

/// Returns such a line without libpq's advice and without the server's address.
[[nodiscard]] std::string cause_of(const std::string& reason);

}  // namespace charm::postgres
