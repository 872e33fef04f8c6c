// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/postgres/probe.hpp"
#include "tests/contract/keyserver/keyserver_program.hpp"
#include "tests/support/postgres_cluster.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace contract {

/// Keys of the test data.
namespace fingerprint {
inline constexpr const char* admin = "1026bb4feaf2248a6fce65bde0ade11b311d47ac";
inline constexpr const char* admin_rsa = "ceb73cf1f72f3dd7aa2a1787ee20d8a8fd005c4e";
inline constexpr const char* key01 = "736878501cb48d4b6ea5a98ae9d8f50dc853941b";
inline constexpr const char* key01_subkey = "c1415bb24a9d07648a1a949e2a8e724b34b4d04c";
inline constexpr const char* key02 = "3990b3b2d159e83f0f7fb9d7b134553f60e3c689";
inline constexpr const char* key10 = "fe23cda89e754da93c92f23e1ec3e9de406524f2";
inline constexpr const char* key11 = "2b4c79867a19dde93b7c8f201e7244f1456b7090";
inline constexpr const char* key12 = "a4fde8f6e5aaa116cd1c3f2c1d7830a502eaf92d";
inline constexpr const char* key14 = "c1573e54f0bef5a034328112b6d774d38a3a8408";
inline constexpr const char* key17 = "098e51c428838d05f752953bd06e761e0c41b7b2";
inline constexpr const char* key18 = "78a2ccd8807b441a3de5c0f9dc47025fd2426ad9";
inline constexpr const char* key19 = "2cdde79acc4563c9c2b8035dacf84cb72c832d64";
inline constexpr const char* key20 = "806833ce9903a9b794d7cb729b3d36aa4e33fbb1";
}  // namespace fingerprint

/// A file of the test data on keys; `name` without ".asc" for keys.
std::string key_text(const std::string& name);
std::string request_text(const std::string& file);

/// The names of all public key files.
std::vector<std::string> public_key_names();

/// A database and a keyserver for it, once for each program. Does not start the keyserver. Skips
/// the test if `hockeypuck` is missing on PATH.
class KeyserverTest : public testing::TestWithParam<Program> {
 protected:
  void SetUp() override;

  test::PostgresCluster& cluster() { return *cluster_; }

  Keyserver& keyserver() { return *keyserver_; }

  /// The keyserver's database, for the charm's client.
  [[nodiscard]] charm::postgres::Target target() const {
    return {.host = cluster_->host(),
            .port = cluster_->port(),
            .database = Keyserver::database,
            .user = Keyserver::role,
            .password = Keyserver::password,
            .ssl_mode = "disable"};
  }

  /// Uploads a key of the test data, which must be accepted.
  Answer add(const std::string& name);
  Answer lookup(const std::string& operation, const std::string& search,
                const std::string& options = "");

  int status_of(const std::string& fingerprint) {
    return lookup("get", std::string("0x") + fingerprint).status;
  }

  std::string sql(const std::string& statement) {
    return cluster_->psql(statement, Keyserver::database);
  }

 private:
  std::unique_ptr<test::PostgresCluster> cluster_;
  std::unique_ptr<Keyserver> keyserver_;
};

/// Runs the cases of a suite with every program.
#define FOR_EVERY_KEYSERVER(suite)                                                  \
  INSTANTIATE_TEST_SUITE_P(                                                         \
      Keyserver, suite,                                                             \
      testing::Values(contract::Program::rehearsal, contract::Program::hockeypuck), \
      testing::PrintToStringParamName())

}  // namespace contract
