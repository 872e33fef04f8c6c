// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/rehearsal_test.hpp"
#include "tests/support/eventually.hpp"

#include <algorithm>

namespace test {
namespace database_test {

constexpr double hook_limit_milliseconds = 15'000;

class Database : public RehearsalTest {
 protected:
  double longest_hook() {
    double longest = 0;
    for (const Hook& hook : model.hooks()) {
      longest = std::max(longest, hook.wall_milliseconds);
    }
    return longest;
  }

  /// The keyserver's connections, counted by encryption: `f|1`, `t|2`.
  std::string connections() {
    return model.sql(
        "select s.ssl, count(*) from pg_stat_activity a join pg_stat_ssl s using (pid) "
        "where a.usename like 'relation%' group by 1 order by 1");
  }

  /// Replication is asynchronous: data that a standby has not received is lost at a failover.
  bool standby_has_everything() {
    return eventually([this] {
      return model.sql(
                 "select bool_and(replay_lsn = pg_current_wal_insert_lsn()) "
                 "from pg_stat_replication") == "t";
    });
  }
};

TEST_F(Database, ARotatedPasswordReplacesTheOldOneEverywhereWithOneRestart) {
  model.deploy_all();
  ASSERT_TRUE(upload("alice"));
  remember_password();
  const std::string old = data_source("password");
  const int before = starts();
  const std::string process = process_id();

  model.database_action("rotate-password");
  ASSERT_TRUE(model.becomes("active"));
  const std::string fresh = data_source("password");
  EXPECT_NE(fresh, old);
  EXPECT_EQ(starts(), before + 1);
  EXPECT_NE(process_id(), process);
  EXPECT_EQ(files_holding(old), std::set<std::string>{});
  EXPECT_EQ(plan().find(old), std::string::npos);
  EXPECT_EQ(look_up(alice), 200);
  EXPECT_TRUE(upload("carol_signed_by_dave"));
  EXPECT_EQ(look_up(carol), 200);
  expect_settled();
}

TEST_F(Database, WhileItIsDownTheKeyserverIsKeptAndLaterServesAgain) {
  model.deploy_all();
  ASSERT_TRUE(upload("alice"));
  const std::string before = workload_fingerprint();
  model.rehearse({"run", "postgresql-k8s/0", "stop-database"});
  model.update_status();
  EXPECT_EQ(model.status().word, "waiting");
  EXPECT_NE(model.status().message.find("waiting for PostgreSQL to answer: Connection refused"),
            std::string::npos)
      << model.status().message;
  EXPECT_EQ(workload_fingerprint(), before);
  EXPECT_EQ(look_up(alice), 500);

  model.rehearse({"run", "postgresql-k8s/0", "start-database"});
  model.update_status();
  EXPECT_EQ(model.status(), active);
  EXPECT_EQ(look_up(alice), 200);
  EXPECT_EQ(workload_fingerprint(), before);
  EXPECT_LT(longest_hook(), hook_limit_milliseconds);
}

TEST_F(Database, RemovedItLeavesNothingBehindAndComesBackWithItsKeys) {
  model.deploy_all();
  ASSERT_TRUE(upload("alice"));
  remember_password();
  const std::string old = data_source("password");
  model.rehearse({"remove-relation", "hockeypuck-k8s", "postgresql-k8s"});
  EXPECT_EQ(
      model.status(),
      (ShownStatus{"blocked", "no database: run juju integrate hockeypuck-k8s postgresql-k8s"}));
  EXPECT_EQ(process_id(), "");
  EXPECT_EQ(files_holding(old), std::set<std::string>{});
  EXPECT_EQ(model.workload_output("find /hockeypuck/etc -type f"), "");
  expect_settled();

  model.integrate();
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(look_up(alice), 200);
}

TEST_F(Database, FollowsThePrimaryToItsNewAddress) {
  model.deploy_postgresql({"-n", "2", "--config", "publish=address"});
  model.deploy_hockeypuck();
  model.integrate();
  ASSERT_TRUE(model.becomes("active"));
  ASSERT_TRUE(upload("alice"));
  const std::string host = data_source("host");
  const int before = starts();
  ASSERT_TRUE(standby_has_everything());
  model.rehearse({"run", "postgresql-k8s/1", "failover"});
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_NE(data_source("host"), host);
  EXPECT_EQ(starts(), before + 1);
  EXPECT_EQ(look_up(alice), 200);
  EXPECT_TRUE(upload("carol_signed_by_dave"));
  EXPECT_EQ(look_up(carol), 200);
}

TEST_F(Database, TlsIsVerifiedFullyByDefault) {
  model.deploy_all();
  EXPECT_EQ(data_source("sslmode"), "verify-full");
  EXPECT_EQ(data_source("sslrootcert"), "/hockeypuck/etc/postgresql-ca.pem");
  EXPECT_EQ(model.workload_output("stat -c '%a %g' /hockeypuck/etc/postgresql-ca.pem"),
            "640 584792");
  ASSERT_EQ(look_up(alice), 404);
  const std::string encrypted = connections();
  EXPECT_EQ(encrypted.substr(0, 2), "t|") << encrypted;
  EXPECT_EQ(encrypted.find('\n'), std::string::npos) << encrypted;
}

TEST_F(Database, AnUntrustedDatabaseIsBlockedAndNeverTalkedTo) {
  model.deploy_postgresql();
  model.deploy_hockeypuck();
  model.database_action("set-wrong-ca");
  model.integrate();
  ASSERT_TRUE(model.becomes("blocked", "is not trusted"));
  EXPECT_NE(model.status().message.find("check the CA of its relation"), std::string::npos);
  EXPECT_EQ(process_id(), "");
  EXPECT_EQ(configuration(), "");
  EXPECT_EQ(connections(), "");

  model.database_action("restore-ca");
  ASSERT_TRUE(model.becomes("active"));
  ASSERT_TRUE(upload("alice"));
  const std::string before = workload_fingerprint();
  model.database_action("set-wrong-ca");
  ASSERT_TRUE(model.becomes("blocked", "is not trusted"));
  EXPECT_EQ(workload_fingerprint(), before);
  EXPECT_EQ(look_up(alice), 200);
  model.database_action("restore-ca");
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(workload_fingerprint(), before);
}

TEST_F(Database, WithoutTlsItIsUsedInPlainText) {
  model.deploy_postgresql({"--config", "tls=false"});
  model.deploy_hockeypuck({"--config", "database-name=keys"});
  model.integrate();
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(data_source("sslmode"), "disable");
  EXPECT_EQ(data_source("dbname"), "keys");
  EXPECT_EQ(model.workload_output("ls /hockeypuck/etc"), "hockeypuck.conf");
  expect_serving();
}

}  // namespace database_test
}  // namespace test
