// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_cluster.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace {

/// psql connects as an application would: over TCP, with the password from the environment.
test::CommandResult connect(const test::PostgresCluster& cluster, const std::string& password,
                            const std::string& more) {
  return test::run({.arguments = {"psql", "-X", "-A", "-t", "-c", "SELECT 'here'",
                                  "host=127.0.0.1 user=alice dbname=keys port=" +
                                      std::to_string(cluster.port()) + " " + more},
                    .environment = {"PGPASSWORD=" + password}});
}

TEST(PostgresCluster, LetsARoleInWithItsPasswordOnly) {
  test::PostgresCluster cluster;
  cluster.create_role("alice", R"(it's a \ "secret")");
  cluster.create_database("keys", "alice");

  EXPECT_EQ(connect(cluster, R"(it's a \ "secret")", "").output, "here\n");
  EXPECT_EQ(connect(cluster, "guess", "").status, 2);
}

TEST(PostgresCluster, KeepsItsDataAndPortWhenRestarted) {
  test::PostgresCluster cluster;
  const auto port = cluster.port();
  cluster.psql("CREATE TABLE kept AS SELECT 7 AS number");
  cluster.stop();
  EXPECT_THROW(cluster.psql("SELECT 1"), std::runtime_error);
  cluster.start();
  EXPECT_EQ(cluster.port(), port);
  EXPECT_EQ(cluster.psql("SELECT number, 'x' FROM kept"), "7|x");
}

TEST(PostgresCluster, ProvesItselfWithACertificateOfItsAuthority) {
  test::PostgresCluster cluster;
  cluster.create_role("alice", "secret");
  cluster.create_database("keys", "alice");
  cluster.make_tls();
  cluster.require_tls();

  const std::string right = "sslrootcert=" + cluster.ca_certificate().string();
  const std::string wrong = "sslrootcert=" + cluster.wrong_ca_certificate().string();
  EXPECT_EQ(connect(cluster, "secret", "sslmode=verify-full " + right).output, "here\n");
  EXPECT_EQ(connect(cluster, "secret", "sslmode=verify-full " + wrong).status, 2);
  EXPECT_EQ(connect(cluster, "secret", "sslmode=disable").status, 2);

  cluster.make_tls({"DNS:elsewhere.example"});
  EXPECT_EQ(connect(cluster, "secret", "sslmode=verify-full " + right).status, 2);
  EXPECT_EQ(connect(cluster, "secret", "sslmode=verify-ca " + right).output, "here\n");
}

TEST(PostgresCluster, LeavesNothingBehind) {
  std::filesystem::path directory;
  pid_t server = 0;
  {
    const test::PostgresCluster cluster;
    directory = cluster.socket_directory();
    server = std::stoi(cluster.psql("SELECT pg_read_file('postmaster.pid', 0, 10)"));
    ASSERT_EQ(kill(server, 0), 0);
  }
  EXPECT_FALSE(std::filesystem::exists(directory));
  EXPECT_EQ(kill(server, 0), -1);
}

}  // namespace
