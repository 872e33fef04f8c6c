// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/postgres/probe.hpp"

#include "charm/postgres/key_database.hpp"
#include "connection.hpp"

#include <pqxx/pqxx>

#include <algorithm>
#include <exception>

namespace charm::postgres {
namespace {

/// The last column names a table that we may not alter, as Hockeypuck 2.3 does at each start: a
/// role must own it, or be a member of the one that does. A restored database can hold such tables.
constexpr const char* question = R"(
SELECT pg_is_in_recovery(), current_setting('default_transaction_read_only'),
  current_setting('server_version'),
  (SELECT format('the table %s belongs to the role %s', relname, pg_get_userbyid(relowner))
    FROM pg_class WHERE NOT pg_has_role(relowner, 'USAGE') AND oid IN (to_regclass('keys'),
      to_regclass('subkeys'), to_regclass('userids'), to_regclass('pks_status'),
      to_regclass('blocked_keys'))
    ORDER BY relname LIMIT 1))";

/// Asks an open connection whether it may write.
ProbeResult asked(pqxx::connection& connection) {
  pqxx::nontransaction session(connection);
  const pqxx::result rows = session.exec(question);
  const bool standby = rows[0][0].as<bool>();
  const bool read_only = rows[0][1].as<std::string>() == "on";
  std::string version = rows[0][2].as<std::string>();
  version.erase(std::min(version.find(' '), version.size()));
  if (standby || read_only) {
    return {Outcome::read_only,
            standby ? "the server is a standby" : "the database takes no writes", version};
  }
  const auto foreign = rows[0][3].as<std::string>("");
  return {foreign.empty() ? Outcome::ready : Outcome::not_ours, foreign, version};
}

}  // namespace

ProbeResult probe(const Target& target, int timeout_seconds) {
  try {
    const ConnectionParameters parameters(target, timeout_seconds);
    pqxx::connection connection(parameters.text());
    return asked(connection);
  } catch (const DatabaseError& fault) {
    return {fault.outcome(), fault.what(), {}};
  } catch (const std::exception& fault) {
    return {outcome_of(fault), one_line(fault.what(), target.password), {}};
  }
}

}  // namespace charm::postgres
