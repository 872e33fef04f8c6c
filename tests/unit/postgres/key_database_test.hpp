// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/postgres/key_database.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/postgres_cluster.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace charm::postgres {

/// A database that Hockeypuck has not used yet, and its owner's password.
class KeyDatabaseTest : public testing::Test {
 protected:
  KeyDatabaseTest();

  [[nodiscard]] Target target() const;

  /// Runs a statement as the superuser.
  std::string sql(const std::string& statement) const { return cluster.psql(statement, "keys"); }

  /// The tables of Hockeypuck 2.3.
  void make_hockeypuck_tables() const;
  /// Stores a key without content. Returns false if the database refused it.
  [[nodiscard]] bool store(const std::string& fingerprint) const;
  /// Runs statements in the background, and waits until they reach their pg_sleep().
  std::unique_ptr<test::ChildProcess> run_beside(const std::string& statements);

  const std::string password = "it's a \\secret";
  test::PostgresCluster cluster;
};

/// Invented fingerprints, all different.
std::string made_up_fingerprint(int number, std::size_t digits = 40);
std::vector<std::string> made_up_fingerprints(int count);

}  // namespace charm::postgres
