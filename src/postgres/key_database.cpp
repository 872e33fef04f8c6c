// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/postgres/key_database.hpp"

#include "schema.hpp"
#include "session.hpp"

#include <algorithm>

namespace charm::postgres {
namespace {

std::int64_t counted(pqxx::work& transaction, const char* table) {
  return has_table(transaction, table)
             ? transaction.exec(std::string("SELECT count(*) FROM ") + table)[0][0]
                   .as<std::int64_t>()
             : 0;
}

/// PostgreSQL writes -1 where it never looked.
std::int64_t estimated(pqxx::work& transaction) {
  const pqxx::result rows = transaction.exec(
      "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = to_regclass('keys')");
  return rows.empty() ? 0 : rows[0][0].as<std::int64_t>();
}

/// Unlike its name, it changes when the database is dropped and made again.
std::string database_number(pqxx::work& transaction) {
  return transaction.exec("SELECT oid FROM pg_database WHERE datname = current_database()")[0][0]
      .as<std::string>();
}

}  // namespace

KeyDatabase::KeyDatabase(const Target& target, int connect_timeout_seconds)
    : session_(std::make_unique<Session>(target, connect_timeout_seconds)) {}

KeyDatabase::~KeyDatabase() = default;

Preparation KeyDatabase::prepare() {
  Preparation preparation;
  Schema schema = session_->transact(quick, current_schema);
  if (!schema.is_complete()) {
    preparation.taken_over = session_->transact(thorough, make_schema);
    schema = session_->transact(quick, current_schema);
  }
  if (schema.has_subkeys && !schema.has_index) {
    schema = session_->transact(once, [](pqxx::work& transaction) {
      make_index(transaction);
      return current_schema(transaction);
    });
  }
  preparation.enforced = schema.is_enforced();
  preparation.indexed = schema.has_index;
  return preparation;
}

Statistics KeyDatabase::statistics() {
  return session_->transact(thorough, [](pqxx::work& transaction) {
    Statistics statistics;
    statistics.keys = counted(transaction, "keys");
    statistics.estimated_keys = estimated(transaction);
    statistics.blocked_keys = counted(transaction, "blocked_keys");
    const pqxx::result rows = transaction.exec(
        "SELECT pg_database_size(current_database()), current_setting('server_version'), "
        "coalesce((SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()), '')");
    statistics.database_size = rows[0][0].as<std::int64_t>();
    const std::string version = rows[0][1].as<std::string>();
    statistics.server_version = version.substr(0, version.find(' '));
    statistics.tls = rows[0][2].as<std::string>();
    return statistics;
  });
}

std::int64_t KeyDatabase::digest_count() {
  return session_->transact(thorough,
                            [](pqxx::work& transaction) { return counted(transaction, "keys"); });
}

std::int64_t KeyDatabase::estimated_keys() {
  return session_->transact(quick, estimated);
}

bool KeyDatabase::has_keys() {
  return session_->transact(quick, [](pqxx::work& transaction) {
    return has_table(transaction, "keys") &&
           transaction.exec("SELECT EXISTS (SELECT FROM keys)")[0][0].as<bool>();
  });
}

std::string KeyDatabase::identity() {
  return session_->transact(quick, [](pqxx::work& transaction) {
    const std::string number = database_number(transaction);
    // A provider may keep this to its superusers.
    const char* may = "SELECT has_function_privilege('pg_control_system()', 'EXECUTE')";
    if (!transaction.exec(may)[0][0].as<bool>()) {
      return "?/" + number;
    }
    const pqxx::result cluster =
        transaction.exec("SELECT system_identifier::text FROM pg_control_system()");
    return cluster[0][0].as<std::string>() + "/" + number;
  });
}

}  // namespace charm::postgres
