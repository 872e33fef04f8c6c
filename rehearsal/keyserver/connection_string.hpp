// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

class InvalidConnectionString : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Turns the `dsn` of hockeypuck.conf, which has the form of Go's lib/pq 1.10, into a connection
/// string of libpq that means the same. Differences between the two that matter: lib/pq requires
/// TLS unless told otherwise, knows neither "prefer" nor "allow" nor several hosts, and passes
/// every keyword it does not know to the server. No message of the exception has a value in it.
std::string libpq_connection_string(const std::string& dsn);

/// Names of environment variables (as in `environ`) at which lib/pq 1.10 gives up with a panic.
std::vector<std::string> unsupported_variables(const char* const* environment);

}  // namespace rehearsal::keyserver
