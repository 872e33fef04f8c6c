// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "data_source_name.hpp"

namespace charm::hockeypuck {
namespace {

std::string_view ssl_mode_word(SslMode mode) {
  switch (mode) {
    case SslMode::require:
      return "require";
    case SslMode::verify_full:
      return "verify-full";
    case SslMode::disable:
      break;
  }
  return "disable";
}

/// Adds `name='value'`: lib/pq 1.10 takes backslash escapes inside single quotes.
void add_parameter(std::string& dsn, std::string_view name, std::string_view value) {
  dsn.append(dsn.empty() ? "" : " ").append(name).append("='");
  for (const char character : value) {
    if (character == '\\' || character == '\'') {
      dsn += '\\';
    }
    dsn += character;
  }
  dsn += '\'';
}

}  // namespace

std::string data_source_name(const Database& database, std::string_view ca_path) {
  std::string dsn;
  add_parameter(dsn, "dbname", database.name);
  add_parameter(dsn, "host", database.host);
  add_parameter(dsn, "port", std::to_string(database.port));
  add_parameter(dsn, "user", database.user);
  add_parameter(dsn, "password", database.password);
  add_parameter(dsn, "sslmode", ssl_mode_word(database.ssl_mode));
  // lib/pq turns `require` with a root certificate into a half-checked mode: only verify-full gets
  // one.
  if (database.ssl_mode == SslMode::verify_full) {
    add_parameter(dsn, "sslrootcert", ca_path);
  }
  add_parameter(dsn, "connect_timeout", "5");
  return dsn;
}

}  // namespace charm::hockeypuck
