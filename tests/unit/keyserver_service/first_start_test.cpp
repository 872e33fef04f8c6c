// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/hockeypuck/hockeypuck.hpp"
#include "tests/unit/hook/dispatched_unit.hpp"

#include <gtest/gtest.h>

namespace charm {
namespace {

TEST(FirstStart, TakesTheFirstEndpointThatAcceptsWrites) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.servers["pg-0"] = {.outcome = postgres::Outcome::read_only};
  unit.servers["pg-1"] = {.outcome = postgres::Outcome::ready};
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status(), Status{});
  EXPECT_NE(unit.configuration().find("host='pg-1'"), std::string::npos);
}

TEST(FirstStart, ADatabaseThatIsDownIsWaitingAndNothingIsWritten) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.servers.clear();
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status(),
            (Status{StatusKind::waiting, "waiting for PostgreSQL to answer: connection refused"}));
  EXPECT_TRUE(unit.pebble.files.empty());
  EXPECT_TRUE(unit.pebble.posts.empty());
}

TEST(FirstStart, AnUntrustedDatabaseIsBlockedAndNothingIsWritten) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.database_answer()["tls"] = "True";
  unit.database_answer()["tls-ca"] = "-----BEGIN CERTIFICATE-----";
  unit.servers["pg-0"] = {.outcome = postgres::Outcome::untrusted,
                          .cause = "certificate verify failed"};
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(
      unit.status(),
      (Status{
          StatusKind::blocked,
          "PostgreSQL is not trusted, check the CA of its relation: certificate verify failed"}));
  EXPECT_TRUE(unit.pebble.files.empty());
}

TEST(FirstStart, TablesOfAnotherRoleAreBlockedAndNothingIsWritten) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.servers["pg-0"] = {.outcome = postgres::Outcome::not_ours,
                          .cause = "the table keys belongs to the role operator"};
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(
      unit.status(),
      (Status{StatusKind::blocked,
              "re-create the database relation: the table keys belongs to the role operator"}));
  EXPECT_TRUE(unit.pebble.files.empty());
}

TEST(FirstStart, AServerThatRefusesTheUserIsWaitingWithItsReason) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.servers["pg-0"] = {.outcome = postgres::Outcome::refused,
                          .reason = "connection to server at \"pg-0\" failed: FATAL: no entry",
                          .cause = "FATAL: no entry"};
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status(), (Status{StatusKind::waiting,
                                   "waiting for PostgreSQL to accept the login: FATAL: no entry"}));
}

TEST(FirstStart, ASubordinateProviderIsUsedOnceOneOfItsUnitsIsReady) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.database_answer()["subordinated"] = "true";
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status(),
            (Status{StatusKind::waiting, "waiting for postgresql-k8s to become ready"}));
  unit.juju.relations[DispatchedUnit::database_relation].remote_units["postgresql-k8s/0"] = {
      {"state", "ready"}};
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status(), Status{});
}

TEST(FirstStart, OnlyTheFirstThreeEndpointsAreAsked) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.servers.clear();
  unit.database_answer()["endpoints"] = "a:1,b:2,c:3,d:4,e:5";
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.probed, (std::vector<std::string>{"a", "b", "c"}));
}

TEST(FirstStart, AKeyserverThatDoesNotStartIsBlockedWithItsLastWords) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.pebble.exits_quickly[hockeypuck_service] = {"boom"};
  unit.pebble.logs = {{"2026-01-01T00:00:00Z", "hockeypuck", "first line"},
                      {"2026-01-01T00:00:01Z", "hockeypuck", "listen :11371: in use"}};
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status().kind, StatusKind::blocked);
  EXPECT_NE(unit.status().message.find("listen :11371: in use"), std::string::npos);
}

TEST(FirstStart, TheLastWordsAreTheErrorAndNotTheCallStackBelowIt) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.pebble.exits_quickly[hockeypuck_service] = {};
  for (const char* line :
       {"level=info msg=\"metrics: starting\"", "listen tcp :11371: bind: address already in use",
        "hockeypuck/server.(*Server).newListener", "\t/src/hockeypuck/server/server.go:564",
        "runtime.goexit", "\t/src/runtime/asm_amd64.s:1771"}) {
    unit.pebble.logs.push_back({"2026-01-01T00:00:00Z", "hockeypuck", line});
  }
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status(), (Status{StatusKind::blocked,
                                   "hockeypuck does not start, see juju debug-log: listen tcp "
                                   ":11371: bind: address already in use"}));
}

TEST(FirstStart, ACrashLoopIsLeftToPebbleAndRecoversByItself) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.pebble.exits_quickly[hockeypuck_service] = {"boom"};
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  const int starts = unit.pebble.starts(hockeypuck_service);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(unit.dispatch()) << unit.last_error;
    EXPECT_EQ(unit.status().kind, StatusKind::blocked);
  }
  EXPECT_EQ(unit.pebble.starts(hockeypuck_service), starts);

  unit.pebble.exits_quickly.clear();
  unit.pebble.send({.method = "POST",
                    .target = "/v1/services",
                    .body = R"({"action":"start","services":["hockeypuck"]})"},
                   std::chrono::seconds(1));
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status(), Status{});
}

TEST(FirstStart, AKeyserverThatIsSlowToServeIsWaitedForAWhileOnly) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.slow_to_start = true;
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status(),
            (Status{StatusKind::waiting, "waiting for hockeypuck to serve, see juju debug-log"}));
  EXPECT_EQ(unit.pauses, 50);
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status().kind, StatusKind::waiting);
  unit.slow_to_start = false;
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status(), Status{});
}

TEST(FirstStart, ADatabaseWithoutABlockListIsWaiting) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.database_fails = true;
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status().kind, StatusKind::waiting);
  EXPECT_TRUE(
      unit.status().message.starts_with("waiting for PostgreSQL to create the block list: "))
      << unit.status().message;
  EXPECT_EQ(unit.pebble.current(hockeypuck_service), "inactive");
}

TEST(FirstStart, TheConfigurationIsReadableByTheWorkloadAndNobodyElse) {
  DispatchedUnit unit;
  unit.relate_database();
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  const File& file = unit.pebble.files.at(std::string(hockeypuck::config_path));
  EXPECT_EQ(file.mode, 0640U);
  EXPECT_EQ(file.group_id, hockeypuck::user_id);
}

}  // namespace
}  // namespace charm
