// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/prefix_tree/rebuilding_unit.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace charm {
namespace {

/// Kills a dispatch at every access to the outside; the next dispatch must complete its work.
int kill_everywhere(const std::function<void(DispatchedUnit&)>& arrange) {
  int touch = 0;
  for (bool killed = true; killed; ++touch) {
    DispatchedUnit unit;
    relate(unit);
    arrange(unit);
    killed = unit.dispatch_killed_at(touch);
    dispatch(unit);
    expect_whole(unit, "killed at " + std::to_string(touch));
  }
  return touch;
}

TEST(KilledRebuild, OfAMissingTreeIsEndedByTheNextDispatch) {
  EXPECT_GT(kill_everywhere([](DispatchedUnit&) {}), 40);
}

TEST(KilledRebuild, OfADamagedTreeIsEndedByTheNextDispatch) {
  EXPECT_GT(kill_everywhere([](DispatchedUnit& unit) {
              dispatch(unit);
              unit.now += std::chrono::seconds(10);
              unit.damage_tree("file missing");
            }),
            40);
}

TEST(KilledRebuild, OfATreeThatIsFarOffIsEndedByTheNextDispatch) {
  EXPECT_GT(kill_everywhere([](DispatchedUnit& unit) {
              dispatch(unit);
              unit.digests = 20;
              unit.now += std::chrono::hours(1);
              dispatch(unit);
              unit.now += std::chrono::hours(1);
            }),
            40);
}

TEST(KilledRebuild, WithoutTheNumberOfKeysIsEndedByTheNextDispatch) {
  EXPECT_GT(kill_everywhere([](DispatchedUnit& unit) { unit.counting_fails = true; }), 40);
}

TEST(KilledRebuild, ThatHadJustComeToItsEndIsNotDoneTwice) {
  kill_everywhere([](DispatchedUnit& unit) {
    unit.slow_build = true;
    dispatch(unit);
    unit.end_build();
    unit.slow_build = false;
  });
}

/// Many keys take longer to count than a hook has time.
TEST(UncountedKeys, DoNotKeepARebuildFromBeginning) {
  DispatchedUnit unit;
  relate(unit);
  unit.counting_fails = true;
  unit.slow_build = true;
  dispatch(unit);
  EXPECT_TRUE(unit.builds());
  EXPECT_EQ(unit.status().kind, StatusKind::maintenance) << unit.status().message;
  unit.end_build();
  dispatch(unit);
  expect_whole(unit);
  EXPECT_EQ(unit.pebble.starts(build), 1);
}

TEST(UncountedKeys, AreAskedForOnceAnHourAsOthersAre) {
  DispatchedUnit unit;
  relate(unit);
  dispatch(unit);
  unit.counting_fails = true;
  unit.now += std::chrono::hours(1);
  const int before = unit.counts;
  dispatch(unit);
  EXPECT_EQ(unit.counts, before + 1);
  unit.now += std::chrono::minutes(5);
  dispatch(unit);
  EXPECT_EQ(unit.counts, before + 1);
  expect_whole(unit);
  unit.now += std::chrono::minutes(55);
  dispatch(unit);
  EXPECT_EQ(unit.counts, before + 2);
}

}  // namespace
}  // namespace charm
