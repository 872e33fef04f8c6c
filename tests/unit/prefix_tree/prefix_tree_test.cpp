// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/prefix_tree.hpp"

#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/hockeypuck/key_load.hpp"
#include "charm/hook/reconcile.hpp"
#include "charm/prefix_tree/tree_steps.hpp"
#include "tests/unit/hook/dispatched_unit.hpp"

#include <gtest/gtest.h>

namespace charm {
namespace {

constexpr const char* build = "prefix-tree-build";
constexpr const char* keyserver = "hockeypuck";
constexpr std::chrono::hours an_hour(1);

/// A unit whose database has a thousand keys.
class PrefixTree : public ::testing::Test {
 protected:
  void SetUp() override {
    unit.relate_database();
    unit.key_count = 1000;
  }

  void TearDown() override { EXPECT_FALSE(unit.both_ran); }

  void dispatch(const std::string& hook = "update-status") {
    ASSERT_TRUE(unit.dispatch(hook)) << unit.last_error;
  }

  void dispatch_after(std::chrono::seconds time) {
    unit.now += time;
    dispatch();
  }

  [[nodiscard]] int builds() const { return unit.pebble.starts(build); }

  [[nodiscard]] bool is_stopped() const { return unit.pebble.current(keyserver) == "inactive"; }

  void expect_serving_with_the_whole_tree() {
    EXPECT_EQ(unit.status(), Status{});
    EXPECT_EQ(unit.digests, unit.key_count);
    EXPECT_EQ(unit.file(prefix_tree::rebuild_path), "");
    EXPECT_EQ(unit.pebble.current(keyserver), "active");
  }

  void expect_rebuilding(const std::string& reason) {
    EXPECT_EQ(unit.status().kind, StatusKind::maintenance);
    EXPECT_TRUE(unit.status().message.ends_with("so far: " + reason)) << unit.status().message;
    EXPECT_TRUE(is_stopped());
    EXPECT_TRUE(unit.builds());
  }

  /// Removes digests of stored keys from the tree, as after many uploads to other units.
  void drift() { unit.digests = 20; }

  /// Starts hockeypuck-load as the action load-keys does.
  void begin_load() {
    unit.add_layer(std::string(key_load::layer_label), key_load::layer({"/keys.pgp"}));
    pebble::Client(unit.pebble).start({std::string(key_load::service)});
    ASSERT_EQ(unit.pebble.current("key-load"), "active");
  }

  DispatchedUnit unit;
};

TEST_F(PrefixTree, OfANewDatabaseIsMadeByTheKeyserver) {
  unit.key_count = 0;
  dispatch();
  expect_serving_with_the_whole_tree();
  EXPECT_EQ(builds(), 0);
}

TEST_F(PrefixTree, LiesWhereTheKeyserverMayWrite) {
  const std::string directory(hockeypuck::tree_directory);
  dispatch();
  EXPECT_EQ(unit.pebble.directories.at(directory).user_id, hockeypuck::user_id);
  EXPECT_EQ(unit.pebble.directories.at(directory).mode, 0750U);
}

TEST_F(PrefixTree, ThatIsMissingIsBuiltBeforeTheKeyserverStarts) {
  dispatch();
  expect_serving_with_the_whole_tree();
  EXPECT_EQ(builds(), 1);
  dispatch_after(an_hour);
  EXPECT_EQ(builds(), 1);
}

TEST_F(PrefixTree, ThatTakesLongIsWatchedByTheNextHooks) {
  unit.slow_build = true;
  dispatch();
  expect_rebuilding("it was missing");
  EXPECT_EQ(unit.pauses, 50);
  dispatch_after(an_hour);
  EXPECT_EQ(unit.status(),
            (Status{StatusKind::maintenance,
                    "rebuilding the prefix tree, 1000 keys, 60 min so far: it was missing"}));
  unit.end_build();
  dispatch();
  expect_serving_with_the_whole_tree();
  EXPECT_EQ(builds(), 1);
}

TEST_F(PrefixTree, IsWholeOnAUnitThatDoesNotLead) {
  unit.juju.leader = false;
  dispatch();
  expect_serving_with_the_whole_tree();
  dispatch_after(2 * an_hour);
  expect_serving_with_the_whole_tree();
  EXPECT_EQ(builds(), 1);
}

TEST_F(PrefixTree, OfAnotherDatabaseKeepsOnlyTheLeaderFromServing) {
  dispatch();
  unit.juju.leader = false;
  unit.database = "8/16384";
  unit.database_answer()["password"] = "of the other";
  dispatch();
  EXPECT_EQ(unit.status(), Status{});
  EXPECT_EQ(builds(), 1);
  EXPECT_NE(unit.file(prefix_tree::record_path).find(unit.database), std::string::npos);
}

TEST_F(PrefixTree, IsKeptByALeaderThatComesBackSoon) {
  dispatch();
  unit.juju.leader = false;
  dispatch();
  unit.juju.leader = true;
  dispatch();
  expect_serving_with_the_whole_tree();
  EXPECT_EQ(builds(), 1);
}

TEST_F(PrefixTree, HalfBuiltIsFinishedByAUnitThatLostLeadership) {
  unit.slow_build = true;
  dispatch();
  unit.juju.leader = false;
  dispatch();
  EXPECT_EQ(unit.status().kind, StatusKind::maintenance);
  unit.end_build();
  dispatch();
  expect_serving_with_the_whole_tree();
  EXPECT_EQ(builds(), 1);
}

TEST_F(PrefixTree, OfAnotherDatabaseIsReplaced) {
  dispatch();
  unit.database = "8/16384";
  unit.key_count = 70;
  unit.database_answer()["password"] = "of the other";
  dispatch();
  expect_serving_with_the_whole_tree();
  EXPECT_EQ(builds(), 2);
}

TEST_F(PrefixTree, OfADatabaseThatCameBackIsKept) {
  dispatch();
  unit.remove_database();
  ASSERT_TRUE(unit.dispatch("database-relation-broken", {{"JUJU_RELATION_ID", "database:3"}}));
  unit.relate_database();
  ASSERT_TRUE(unit.dispatch_relation(DispatchedUnit::database_relation, "changed"));
  expect_serving_with_the_whole_tree();
  EXPECT_EQ(builds(), 1);
}

TEST_F(PrefixTree, ThatIsDamagedIsRebuiltOnEveryUnit) {
  for (const bool leader : {true, false}) {
    unit.juju.leader = leader;
    dispatch();
    unit.now += std::chrono::seconds(10);
    unit.damage_tree("leveldb/storage: corrupted or incomplete CURRENT file");
    const std::string old_part = std::string(prefix_tree::path) + "/000001.ldb";
    unit.pebble.files[old_part].content = "old";
    const auto before = builds();
    dispatch();
    expect_serving_with_the_whole_tree();
    EXPECT_EQ(builds(), before + 1) << leader;
    EXPECT_EQ(unit.file(old_part), "");
  }
}

TEST_F(PrefixTree, IsFoundDamagedAfterAClockThatWasFast) {
  constexpr std::chrono::hours fast(24 * 365);
  unit.now += fast;
  dispatch();
  unit.now -= fast;
  unit.damage_tree("leveldb/storage: corrupted or incomplete CURRENT file");
  dispatch();
  expect_serving_with_the_whole_tree();
}

TEST_F(PrefixTree, IsFoundDamagedAlsoAtAStart) {
  dispatch();
  unit.now += std::chrono::seconds(10);
  unit.damage_tree("database entry point either missing or corrupted");
  unit.pebble.restart_container();
  dispatch("hockeypuck-pebble-ready");
  expect_serving_with_the_whole_tree();
}

TEST_F(PrefixTree, IsNotBlamedForWhatWasSaidOfTheOneBefore) {
  dispatch();
  unit.now += std::chrono::seconds(10);
  unit.damage_tree("file missing");
  dispatch();
  unit.now += std::chrono::seconds(10);
  unit.pebble.end(keyserver, 1);
  dispatch();
  EXPECT_EQ(unit.status().kind, StatusKind::blocked);
  EXPECT_EQ(builds(), 2);
}

TEST_F(PrefixTree, ThatSeemsFarOffIsLookedAtTwice) {
  dispatch();
  drift();
  dispatch_after(an_hour);
  EXPECT_EQ(unit.status(), Status{});
  dispatch_after(std::chrono::seconds(100));
  EXPECT_EQ(builds(), 1);
  unit.slow_build = true;
  dispatch_after(std::chrono::seconds(100));
  expect_rebuilding("it has 20 digests for 1000 keys");
  unit.end_build();
  dispatch();
  expect_serving_with_the_whole_tree();
}

TEST_F(PrefixTree, ThatIsFarOffAgainTheSameDayIsTold) {
  dispatch();
  drift();
  dispatch_after(an_hour);
  dispatch_after(an_hour);
  expect_serving_with_the_whole_tree();
  ASSERT_EQ(builds(), 2);
  drift();
  dispatch_after(an_hour);
  dispatch_after(an_hour);
  const Status told{
      StatusKind::active,
      "the prefix tree is out of sync, run rebuild-prefix-tree: it has 20 digests for 1000 keys"};
  EXPECT_EQ(unit.status(), told);
  dispatch_after(std::chrono::seconds(1));
  EXPECT_EQ(unit.status(), told);
  EXPECT_EQ(builds(), 2);
  dispatch_after(std::chrono::hours(22));
  expect_serving_with_the_whole_tree();
  EXPECT_EQ(builds(), 3);
}

TEST_F(PrefixTree, ThatIsFarOffIsNotRebuiltWhileALoadAddsKeys) {
  dispatch();
  begin_load();
  drift();
  dispatch_after(an_hour);
  dispatch_after(an_hour);
  EXPECT_EQ(builds(), 1);
  EXPECT_EQ(unit.pebble.current(keyserver), "active");
  EXPECT_EQ(unit.pebble.current("key-load"), "active");
  unit.pebble.end("key-load", 0);
  dispatch_after(an_hour);
  dispatch_after(an_hour);
  EXPECT_EQ(builds(), 2);
  expect_serving_with_the_whole_tree();
}

/// The units of an application, of which one is tested over a day.
class DriftingUnits : public PrefixTree {
 protected:
  void add_units(int count) {
    for (int number = 1; number <= count; ++number) {
      unit.juju.relations[peer_relation].remote_units["hockeypuck-k8s/" + std::to_string(number)];
    }
  }

  /// Returns how often the tree was rebuilt in these hours after it lost one digest.
  int rebuilds_in(int hours) {
    const int before = builds();
    unit.digests = unit.key_count - 1;
    for (int hour = 0; hour < hours; ++hour) {
      dispatch_after(an_hour);
    }
    return builds() - before;
  }
};

TEST_F(DriftingUnits, OneThatOthersReplaceRebuildsItsTree) {
  add_units(2);
  unit.juju.leader = false;
  dispatch();
  EXPECT_EQ(rebuilds_in(3), 0) << "it is the turn of another unit";
  EXPECT_EQ(rebuilds_in(24), 1);
  expect_serving_with_the_whole_tree();
}

TEST_F(DriftingUnits, TheLeaderAndASingleUnitKeepServing) {
  dispatch();
  EXPECT_EQ(rebuilds_in(24), 0);
  add_units(2);
  EXPECT_EQ(rebuilds_in(24), 0);
}

TEST_F(DriftingUnits, ANewLeaderRebuildsABadTreeBeforeItServesPeers) {
  add_units(2);
  unit.juju.leader = false;
  dispatch();
  drift();
  dispatch_after(an_hour);
  dispatch_after(an_hour);
  EXPECT_EQ(builds(), 1) << "it is the turn of another unit";
  unit.juju.leader = true;
  unit.juju.config["external-peers"] = std::string("peer.example.org");
  dispatch("leader-elected");
  EXPECT_EQ(builds(), 2);
  expect_serving_with_the_whole_tree();
}

TEST_F(PrefixTree, IsComparedAfterEachStart) {
  dispatch();
  const int counts = unit.counts;
  unit.database_answer()["password"] = "second-password";
  dispatch();
  EXPECT_EQ(unit.counts, counts + 1);
}

TEST_F(PrefixTree, CostsAHookNothingWhereNothingIsDue) {
  dispatch();
  unit.pebble.posts.clear();
  unit.probed.clear();
  unit.prepared.clear();
  const int counts = unit.counts;
  dispatch_after(std::chrono::minutes(59));
  EXPECT_TRUE(unit.pebble.posts.empty());
  EXPECT_TRUE(unit.probed.empty());
  EXPECT_TRUE(unit.prepared.empty());
  EXPECT_EQ(unit.counts, counts);
}

TEST_F(PrefixTree, ThatCannotBeComparedIsLeftAlone) {
  dispatch();
  drift();
  unit.database_fails = true;
  dispatch_after(2 * an_hour);
  EXPECT_EQ(unit.status(), Status{});
  unit.database_fails = false;
  dispatch_after(an_hour);
  dispatch_after(an_hour);
  expect_serving_with_the_whole_tree();
}

TEST_F(PrefixTree, IsComparedWithKeysThatTwoGossipsHaveSeen) {
  dispatch();
  unit.now += an_hour;
  const Snapshot snapshot = unit.observe_now();
  const Plan plan = reconcile(snapshot);
  const Database& database = plan.workloads.front().database;
  const Decision decision = prefix_tree::compare_tree(plan, snapshot, database);
  ASSERT_TRUE(decision.step);
  EXPECT_EQ(plan.tree_settling, std::chrono::minutes(3));
  EXPECT_EQ(decision.step->what, Step::What(step::CountKeys{database, std::chrono::minutes(6)}));
}

TEST_F(PrefixTree, IsLeftAloneWhenTheKeyserverHasNotCountedIt) {
  dispatch();
  unit.digests = -1;
  dispatch_after(an_hour);
  EXPECT_EQ(unit.status(), Status{});
  EXPECT_EQ(builds(), 1);
}

TEST_F(PrefixTree, ThatCannotBeWrittenIsBlockedWithTheReason) {
  unit.pebble.unwritable.insert(std::string(prefix_tree::rebuild_path));
  dispatch();
  EXPECT_EQ(unit.status().kind, StatusKind::blocked);
  EXPECT_TRUE(unit.status().message.starts_with("cannot write to the hockeypuck container"))
      << unit.status().message;
}

TEST_F(PrefixTree, OfAnEarlierRevisionIsTakenOver) {
  dispatch();
  unit.pebble.files.erase(std::string(prefix_tree::record_path));
  dispatch();
  expect_serving_with_the_whole_tree();
  EXPECT_EQ(builds(), 1);
  EXPECT_NE(unit.file(prefix_tree::record_path).find(unit.database), std::string::npos);
}

}  // namespace
}  // namespace charm
