// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/reliability/kept_database.hpp"

#include "rehearsal/keyserver/storage.hpp"

#include <pqxx/pqxx>

namespace {

constexpr const char* database_role = "relation_id_3";
constexpr const char* live = "keys";
constexpr const char* kept = "kept_keys";

}  // namespace

KeptDatabase::KeptDatabase() {
  cluster_.create_role(database_role, "first-password");
  cluster_.create_database(live, database_role);
}

void KeptDatabase::keep() {
  content_ = content();
  oid_ = sql(live, "SELECT oid FROM pg_database WHERE datname = current_database()");
  sql("postgres", "CREATE DATABASE " + std::string(kept) + " TEMPLATE " + live);
}

void KeptDatabase::restore() {
  if (content() != content_) {
    sql("postgres", "DROP DATABASE " + std::string(live) + " WITH (FORCE)");
    // The charm notices a database with a different OID.
    sql("postgres", "CREATE DATABASE " + std::string(live) + " TEMPLATE " + kept + " OWNER " +
                        database_role + " OID " + oid_);
  }
}

void KeptDatabase::make_tables() {
  if (!has_tables_) {
    const rehearsal::keyserver::Storage tables(
        connection_to(live) + " options='-c role=" + std::string(database_role) + "'", 1);
    has_tables_ = true;
  }
}

std::string KeptDatabase::sql(const std::string& database, const std::string& statement) const {
  pqxx::connection connection(connection_to(database));
  pqxx::nontransaction session(connection);
  const pqxx::result rows = session.exec(statement);
  return rows.empty() || rows.columns() == 0 ? std::string() : rows[0][0].as<std::string>("");
}

std::string KeptDatabase::identity() const {
  return sql(live,
             "SELECT system_identifier || '/' || d.oid FROM pg_control_system(), "
             "pg_database d WHERE datname = current_database()");
}

std::string KeptDatabase::content() const {
  return sql(live,
             "SELECT database_to_xml(true, false, '')::text || "
             "coalesce((SELECT string_agg(tgrelid::regclass || ' ' || tgname, ', ' ORDER BY 1) "
             "FROM pg_trigger WHERE NOT tgisinternal), '')");
}

std::string KeptDatabase::connection_to(const std::string& database) const {
  return "host=" + cluster_.socket_directory().string() +
         " port=" + std::to_string(cluster_.port()) + " user=postgres dbname=" + database;
}
