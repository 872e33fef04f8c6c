// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/postgres/probe.hpp"

#include <exception>
#include <string>

namespace charm::postgres {

/// Renders libpq's keyword/value string, every value quoted. `ca_file` may be empty.
[[nodiscard]] std::string connection_string(const Target& target, const std::string& ca_file,
                                            int timeout_seconds);

/// libpq's connection string for a target, and the file with the certificate authority that it
/// names, which only this process can open and which is gone with this object.
class ConnectionParameters {
 public:
  /// Throws DatabaseError for a target that must not be connected to. libpq waits `timeout_seconds`
  /// (at least 2, its own minimum) for each address of the host.
  ConnectionParameters(const Target& target, int timeout_seconds);

  ConnectionParameters(const ConnectionParameters&) = delete;
  ConnectionParameters& operator=(const ConnectionParameters&) = delete;
  ~ConnectionParameters();

  const std::string& text() const { return text_; }

 private:
  int authority_ = -1;
  std::string text_;
};

/// Tells from libpq's message why a connection could not be made. There is nothing else to go by:
/// neither libpq nor libpqxx hands out the SQLSTATE of a refused connection. libpq's own texts are
/// English here, because this process never calls setlocale(); a server's are in its `lc_messages`,
/// and a refusal in another language whose severity is not written FATAL counts as unreachable.
[[nodiscard]] Outcome connection_outcome(const std::string& message);

/// The same for a failed query, from its SQLSTATE (PostgreSQL's appendix A).
[[nodiscard]] Outcome query_outcome(const std::string& sqlstate);

/// The same for any exception of libpqxx.
[[nodiscard]] Outcome outcome_of(const std::exception& fault);

/// Makes one line of a message, without the password.
[[nodiscard]] std::string one_line(const std::string& message, const std::string& password);

}  // namespace charm::postgres
