// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/actions/action.hpp"
#include "tests/unit/prefix_tree/rebuilding_unit.hpp"

#include <gtest/gtest.h>

namespace charm {
namespace {

/// A unit that serves with a complete tree of a thousand keys.
class AskedRebuild : public ::testing::Test {
 protected:
  void SetUp() override {
    relate(unit);
    dispatch(unit);
    expect_whole(unit);
  }

  void TearDown() override { EXPECT_FALSE(unit.both_ran); }

  /// The reason why no rebuild began.
  std::string refusal() {
    try {
      static_cast<void>(unit.ask_for_rebuild(std::chrono::seconds(1)));
    } catch (const actions::Failure& failure) {
      return failure.what();
    }
    return "";
  }

  DispatchedUnit unit;
};

TEST_F(AskedRebuild, BringsTheKeyserverBackItself) {
  unit.digests = 990;
  const prefix_tree::Outcome outcome = unit.ask_for_rebuild(std::chrono::seconds(60));
  EXPECT_TRUE(outcome.rebuilt);
  EXPECT_FALSE(outcome.under_way);
  EXPECT_EQ(outcome.reason, asked);
  EXPECT_EQ(outcome.keys, 1000);
  EXPECT_EQ(outcome.status, "");
  expect_whole(unit);
  EXPECT_EQ(unit.pebble.starts(build), 2);
}

TEST_F(AskedRebuild, WaitsNoLongerThanItIsToldAndHooksDoTheRest) {
  unit.slow_build = true;
  const auto begin = unit.now;
  const prefix_tree::Outcome outcome = unit.ask_for_rebuild(std::chrono::seconds(130));
  EXPECT_FALSE(outcome.rebuilt);
  EXPECT_EQ(outcome.reason, asked);
  EXPECT_EQ(outcome.keys, 1000);
  EXPECT_LE(unit.now - begin, std::chrono::seconds(137));
  EXPECT_GE(unit.now - begin, std::chrono::seconds(130));
  EXPECT_EQ(unit.status().kind, StatusKind::maintenance);
  unit.end_build();
  dispatch(unit);
  expect_whole(unit);
}

TEST_F(AskedRebuild, IsRefusedWhileTheConfigurationIsNotKnown) {
  unit.juju.config["query-limit"] = std::int64_t{0};
  EXPECT_NE(refusal().find("the prefix tree cannot be rebuilt now: option query-limit"),
            std::string::npos);
  unit.juju.config.clear();
  unit.pebble.down = true;
  EXPECT_NE(refusal().find("waiting for Pebble"), std::string::npos);
}

TEST_F(AskedRebuild, IsRefusedIfTheStorageDoesNotTakeIt) {
  unit.digests = 990;
  unit.pebble.unwritable.insert(std::string(prefix_tree::rebuild_path));
  const std::string reason = refusal();
  EXPECT_TRUE(
      reason.starts_with("the prefix tree cannot be rebuilt now: cannot write to the "
                         "hockeypuck container"))
      << reason;
  EXPECT_EQ(unit.pebble.starts(build), 1);
  EXPECT_EQ(unit.pebble.current("hockeypuck"), "active");
  EXPECT_EQ(unit.digests, 990);
}

TEST_F(AskedRebuild, WithoutTheDatabaseKeepsTheKeyserverUntilItCanBegin) {
  unit.servers.clear();
  const prefix_tree::Outcome outcome = unit.ask_for_rebuild(std::chrono::seconds(0));
  EXPECT_FALSE(outcome.rebuilt);
  EXPECT_NE(outcome.status.find("waiting for PostgreSQL"), std::string::npos) << outcome.status;
  EXPECT_EQ(unit.pebble.current("hockeypuck"), "active");
  unit.servers["pg-0"] = {.outcome = postgres::Outcome::ready};
  dispatch(unit);
  expect_whole(unit);
  EXPECT_EQ(unit.pebble.starts(build), 2);
}

}  // namespace
}  // namespace charm
