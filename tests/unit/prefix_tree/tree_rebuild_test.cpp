// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/hockeypuck/hockeypuck.hpp"
#include "tests/unit/prefix_tree/rebuilding_unit.hpp"

#include <gtest/gtest.h>

namespace charm {
namespace {

/// A unit whose tree of a thousand keys is being built.
class Rebuild : public ::testing::Test {
 protected:
  void SetUp() override {
    relate(unit);
    unit.slow_build = true;
    dispatch(unit);
    ASSERT_TRUE(unit.builds());
  }

  void TearDown() override { EXPECT_FALSE(unit.both_ran); }

  void end_well() {
    unit.end_build();
    dispatch(unit);
    expect_whole(unit);
  }

  [[nodiscard]] int builds() const { return unit.pebble.starts(build); }

  DispatchedUnit unit;
};

TEST_F(Rebuild, BeginsAnewAfterTheContainerWasRestarted) {
  unit.pebble.restart_container();
  ASSERT_TRUE(unit.dispatch("hockeypuck-pebble-ready"));
  EXPECT_EQ(unit.status().kind, StatusKind::maintenance);
  EXPECT_TRUE(unit.builds());
  end_well();
}

TEST_F(Rebuild, BeginsAnewWhenSomebodyStoppedIt) {
  unit.pebble.files[std::string(prefix_tree::path) + "/CURRENT"].content = "half of it";
  unit.pebble.send({.method = "POST",
                    .target = "/v1/services",
                    .body = R"({"action":"stop","services":["prefix-tree-build"]})"},
                   std::chrono::seconds(1));
  dispatch(unit);
  EXPECT_TRUE(unit.builds());
  end_well();
}

TEST_F(Rebuild, ThatFailsIsBegunAgainByEachHook) {
  unit.end_build(1);
  unit.say(build, "dial tcp 10.0.0.1:5432: connect: connection refused");
  unit.pebble.exits_quickly[build] = {};
  dispatch(unit);
  EXPECT_EQ(unit.status(), (Status{StatusKind::blocked,
                                   "cannot rebuild the prefix tree, see juju debug-log: dial tcp "
                                   "10.0.0.1:5432: connect: connection r…"}));
  EXPECT_EQ(unit.pebble.current("hockeypuck"), "inactive");
  unit.pebble.exits_quickly.clear();
  dispatch(unit);
  end_well();
}

TEST_F(Rebuild, ThatFailsAfterItsFirstHookIsBegunAgainAndTheStatusSaysWhy) {
  unit.say(build, "dial tcp 10.0.0.1:5432: connect: connection refused");
  unit.end_build(1);
  dispatch(unit);
  EXPECT_TRUE(unit.builds());
  EXPECT_EQ(unit.status(),
            (Status{StatusKind::maintenance,
                    "rebuilding the prefix tree, 1000 keys, 0 min so far: the last build failed: "
                    "dial tcp 10.0.0.1:543…"}));
  EXPECT_NE(unit.log_text().find("the last build failed: dial tcp 10.0.0.1:5432: connect: "
                                 "connection refused"),
            std::string::npos);
  end_well();
}

TEST_F(Rebuild, WhoseTreesAreAllDamagedStartsTheKeyserverOnceInAHook) {
  end_well();
  unit.now += std::chrono::seconds(10);
  unit.slow_build = false;
  unit.spoils_trees = true;
  unit.damage_tree("file missing");
  dispatch(unit);
  EXPECT_EQ(unit.history.count([](const Performed& done) {
    return done.step.what == Step::What(step::StartService{"hockeypuck"});
  }),
            1);
  EXPECT_EQ(unit.status(),
            (Status{StatusKind::waiting, "waiting to resume the rebuild of the prefix tree"}));
}

TEST_F(Rebuild, WithoutItsProgramIsBlockedInPebblesWords) {
  unit.end_build(1);
  unit.pebble.not_in_image.insert(build);
  dispatch(unit);
  EXPECT_EQ(unit.status(), (Status{StatusKind::blocked,
                                   "cannot rebuild the prefix tree, see juju debug-log: cannot "
                                   "start service: fork/exec: no such file"}));
}

TEST_F(Rebuild, GoesOnWhileTheDatabaseIsAway) {
  unit.servers.clear();
  dispatch(unit);
  EXPECT_EQ(unit.status().kind, StatusKind::maintenance);
  unit.end_build();
  dispatch(unit);
  EXPECT_EQ(unit.status(),
            (Status{StatusKind::waiting, "waiting for PostgreSQL to answer: connection refused"}));
  unit.servers["pg-0"] = {.outcome = postgres::Outcome::ready};
  unit.database_fails = true;
  dispatch(unit);
  EXPECT_EQ(unit.status().kind, StatusKind::waiting);
  unit.database_fails = false;
  dispatch(unit);
  expect_whole(unit);
  EXPECT_EQ(builds(), 1);
}

TEST_F(Rebuild, GoesOnWhileAnOptionIsWrong) {
  unit.juju.config["query-limit"] = std::int64_t{0};
  dispatch(unit);
  EXPECT_EQ(unit.status().kind, StatusKind::blocked);
  EXPECT_TRUE(unit.builds());
  unit.juju.config.clear();
  end_well();
  EXPECT_EQ(builds(), 1);
}

TEST_F(Rebuild, GetsANewPasswordWrittenWithoutAKeyserver) {
  unit.database_answer()["password"] = "second-password";
  dispatch(unit);
  EXPECT_NE(unit.configuration().find("second-password"), std::string::npos);
  EXPECT_EQ(unit.pebble.current("hockeypuck"), "inactive");
  EXPECT_TRUE(unit.builds());
  end_well();
  EXPECT_EQ(builds(), 1);
}

TEST_F(Rebuild, FromADatabaseThatWasReplacedBeginsAnew) {
  unit.database = "8/1";
  unit.key_count = 10;
  unit.end_build();
  unit.digests = 1000;
  unit.slow_build = false;
  dispatch(unit);
  expect_whole(unit);
  EXPECT_EQ(builds(), 2);
}

TEST_F(Rebuild, IsStoppedWithTheUnitAndBeginsAnew) {
  ASSERT_TRUE(unit.dispatch("stop"));
  EXPECT_FALSE(unit.builds());
  EXPECT_EQ(unit.files_off_storage(), std::set<std::string>{});
  unit.pebble.posts.clear();
  ASSERT_TRUE(unit.dispatch("stop"));
  EXPECT_TRUE(unit.pebble.posts.empty());
  dispatch(unit);
  EXPECT_EQ(builds(), 2);
  end_well();
}

TEST_F(Rebuild, LetsPromtailBeStartedAndStoppedBesideIt) {
  unit.juju.relations[8] = {
      .endpoint = "logging",
      .remote_app = "loki",
      .remote_app_data = {{"promtail_binary_zip_url",
                           R"({"amd64":{"url":"http://loki/p.gz","zipsha":")" +
                               std::string(64, 'f') + R"(","binsha":")" + std::string(64, 'a') +
                               R"("},"arm64":{"url":"http://loki/p.gz",)" + R"("zipsha":")" +
                               std::string(64, 'f') + R"(","binsha":")" + std::string(64, 'a') +
                               R"("}})"}},
      .remote_units = {{"loki/0", {{"endpoint", R"({"url":"http://loki-0:3100/push"})"}}}}};
  unit.downloads = {{"http://loki/p.gz", "promtail"}};
  unit.juju.config["log-forwarder"] = std::string("promtail");
  ASSERT_TRUE(unit.dispatch_relation(8, "changed")) << unit.last_error;
  EXPECT_EQ(unit.pebble.current("promtail"), "active");
  EXPECT_EQ(unit.pebble.current("hockeypuck"), "inactive");
  EXPECT_TRUE(unit.builds());
  unit.juju.config.clear();
  dispatch(unit);
  EXPECT_EQ(unit.pebble.current("hockeypuck"), "inactive");
  end_well();
}

TEST_F(Rebuild, IsOnlyWaitedForByAnActionThatComesLater) {
  unit.now += std::chrono::minutes(3);
  const prefix_tree::Outcome outcome = unit.ask_for_rebuild(std::chrono::seconds(5));
  EXPECT_FALSE(outcome.rebuilt);
  EXPECT_TRUE(outcome.under_way);
  EXPECT_EQ(outcome.reason, "it was missing");
  EXPECT_EQ(outcome.keys, 1000);
  EXPECT_EQ(outcome.status, "rebuilding the prefix tree, 1000 keys, 3 min so far: it was missing");
  EXPECT_EQ(builds(), 1);
  end_well();
}

}  // namespace
}  // namespace charm
