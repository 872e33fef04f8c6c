// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/postgres_cluster.hpp"

#include <cstdint>
#include <string>

/// The unit's database in a real PostgreSQL, and a copy that brings back its content.
class KeptDatabase {
 public:
  /// Starts PostgreSQL, and makes an empty database and its role.
  KeptDatabase();

  [[nodiscard]] std::string host() const { return cluster_.host(); }

  [[nodiscard]] std::uint16_t port() const { return cluster_.port(); }

  /// Copies the database. Only once: the copy stays.
  void keep();
  /// Brings back what was kept, if the database has changed.
  void restore();

  /// What the keyserver does when it starts for the first time. PostgreSQL may be frozen later.
  void make_tables();

  /// Runs a statement as the superuser. Returns the first value; empty without one.
  std::string sql(const std::string& database, const std::string& statement) const;
  /// The system identifier of the server and the OID of the unit's database, as 7/16384.
  [[nodiscard]] std::string identity() const;
  /// All rows and all triggers.
  [[nodiscard]] std::string content() const;

 private:
  [[nodiscard]] std::string connection_to(const std::string& database) const;

  test::PostgresCluster cluster_;
  bool has_tables_ = false;
  std::string content_;  ///< Of the kept database.
  std::string oid_;
};
