// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/outcome.hpp"
#include "tests/contract/hook_tools/bash_model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>

namespace rehearsal::test {
namespace {

using Events = std::vector<std::string>;

bool logged(const BashModel& world, const std::string& level, const std::string& text) {
  return std::any_of(world.log().begin(), world.log().end(),
                     [&](const LogLine& line) { return line.level == level && line.text == text; });
}

TEST(Dispatch, HasItsEnvironmentAndNothingElse) {
  BashModel world;
  world.deploy("hk", "", 1, "env > env; pwd > pwd; echo $# > arguments; cat > stdin");
  world.settle();
  const std::string environment = world.charm_file("hk/0", "env");
  EXPECT_NE(environment.find("JUJU_UNIT_NAME=hk/0\n"), std::string::npos);
  EXPECT_NE(environment.find("JUJU_PRINCIPAL_UNIT=\n"), std::string::npos);
  EXPECT_EQ(environment.find("HOME="), std::string::npos);
  EXPECT_EQ(environment.find("USER="), std::string::npos);
  EXPECT_NE(world.charm_file("hk/0", "pwd").find("agents/unit-hk-0/charm\n"), std::string::npos);
  EXPECT_EQ(world.charm_file("hk/0", "arguments"), "0\n");
  EXPECT_EQ(world.charm_file("hk/0", "stdin"), "");
}

TEST(Dispatch, FindsTheUrlOfItsCharmBesideIt) {
  BashModel world;
  world.deploy("hk", "", 1, "cat $JUJU_CHARM_DIR/.juju-charm > url");
  world.settle();
  EXPECT_EQ(world.charm_file("hk/0", "url"), "local:hk-0\n");
}

TEST(Dispatch, HasItsOutputInTheLog) {
  BashModel world;
  world.deploy("hk", "", 1, "echo to stdout; echo to stderr >&2");
  world.settle();
  EXPECT_TRUE(logged(world, "DEBUG", "to stdout"));
  EXPECT_TRUE(logged(world, "WARNING", "to stderr"));
}

TEST(Dispatch, OfAFailingHookIsRepeatedAsItWasInVirtualTime) {
  BashModel world;
  world.deploy("hk", "", 1,
               "echo $JUJU_HOOK_NAME >> ../ran\n"
               "if [ $JUJU_HOOK_NAME = config-changed ]; then exit 1; fi");
  world.settle();
  EXPECT_EQ(world.model().unit("hk/0").agent.message, "hook failed: \"config-changed\"");
  EXPECT_EQ(world.events().back(), "hk/0 config-changed");
  world.forget_events();
  world.settle();
  EXPECT_EQ(world.events(), Events{});
  world.advance(5 * one_second);
  EXPECT_EQ(world.events(), (Events{"hk/0 config-changed"}));
  world.advance(11 * one_second);
  EXPECT_EQ(world.events(), (Events{"hk/0 config-changed", "hk/0 config-changed"}));
  world.set_script("hk/0", "");
  world.forget_events();
  world.advance(20 * one_second);
  EXPECT_EQ(world.events(), (Events{"hk/0 config-changed", "hk/0 start"}));
  EXPECT_EQ(world.model().unit("hk/0").agent.status, "idle");
}

TEST(Dispatch, OfAFailingHookCanBeSkipped) {
  BashModel world;
  world.deploy("hk", "", 1, "if [ $JUJU_HOOK_NAME = install ]; then exit 1; fi");
  world.settle();
  EXPECT_EQ(world.events(), (Events{"hk/0 install"}));
  note_done(world.model(), "hk/0", world.model().unit("hk/0").failed->event);
  world.settle();
  EXPECT_EQ(world.events(),
            (Events{"hk/0 install", "hk/0 leader-elected", "hk/0 config-changed", "hk/0 start"}));
}

TEST(Dispatch, KilledBySigtermRunsAgainWithoutAnError) {
  BashModel world;
  world.deploy("hk", "", 1, "");
  world.settle();
  const DispatchRecord record =
      world.dispatch("hk/0", {.kind = EventKind::config_changed}, "kill -TERM $$");
  EXPECT_EQ(record.outcome, "interrupted");
  EXPECT_EQ(world.model().unit("hk/0").agent.status, "idle");
  world.forget_events();
  world.advance(6 * one_second);
  EXPECT_EQ(world.events(), (Events{"hk/0 config-changed"}));
}

TEST(Dispatch, IsASuccessWithoutAProgram) {
  BashModel world;
  world.deploy("hk", "");
  world.settle();
  std::filesystem::remove(world.machine().charm_root("hk/0") /
                          "var/lib/juju/agents/unit-hk-0/charm/dispatch");
  EXPECT_TRUE(world.dispatch("hk/0", {}, "").ok());
}

TEST(Dispatch, SeesTheSameOrderForTheSameSeedAndOthersForOthers) {
  std::set<Events> orders;
  for (const std::uint64_t seed : {1U, 1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U}) {
    BashModel world(seed);
    world.deploy("hk", "requires: {db: {interface: pg}}\npeers: {peers: {interface: x}}\n");
    world.deploy("pg", "provides: {db: {interface: pg}}\n");
    world.integrate("hk", "pg");
    world.settle();
    orders.insert(world.events());
  }
  EXPECT_GT(orders.size(), 1U);
  EXPECT_LT(orders.size(), 9U);
}

/// Each hook of a unit writes when it begins and ends.
std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

TEST(Dispatch, OfSeveralUnitsOverlapsAndOfOneUnitDoesNot) {
  std::size_t most = 0;
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    BashModel world(seed);
    const std::filesystem::path file = world.machine().charm_root("all");
    world.deploy("hk", "", 3,
                 "echo begin $JUJU_UNIT_NAME >> " + file.string() + "; sleep 0.1\n" +
                     "echo end $JUJU_UNIT_NAME >> " + file.string());
    world.settle();
    std::set<std::string> running;
    for (const std::string& line : lines_of(file)) {
      const std::string unit = line.substr(line.find(' ') + 1);
      if (line.starts_with("begin")) {
        EXPECT_TRUE(running.insert(unit).second) << "two hooks of " << unit;
      } else {
        running.erase(unit);
      }
      most = std::max(most, running.size());
    }
  }
  EXPECT_GT(most, 1U);
}

/// In Juju a unit's agent compares versions, so no change is lost while its hook runs.
TEST(Dispatch, SeesInTheEndWhatOverlappingHooksWrote) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
    BashModel world(seed);
    world.deploy("hk", "peers: {peers: {interface: x}}\n", 3,
                 "case $JUJU_HOOK_NAME in\n"
                 "peers-relation-changed)\n"
                 "  relation-get last $JUJU_REMOTE_UNIT > seen-${JUJU_REMOTE_UNIT#hk/};;\n"
                 "*) id=$(relation-ids peers | head -1)\n"
                 "  if [ $id ]; then relation-set -r $id last=$JUJU_HOOK_NAME; fi;;\n"
                 "esac");
    world.settle();
    const Relation& peers = world.model().relations.begin()->second;
    for (const char* reader : {"0", "1", "2"}) {
      for (const char* writer : {"0", "1", "2"}) {
        if (reader != writer) {
          const std::string wrote =
              peers.unit_bags.at(std::string("hk/") + writer).at("last") + "\n";
          EXPECT_EQ(world.charm_file(std::string("hk/") + reader, std::string("seen-") + writer),
                    wrote)
              << "seed " << seed;
        }
      }
    }
  }
}

TEST(PodChurn, OfANewPodRunsStopUpgradeConfigStartAndKeepsStateOnly) {
  BashModel world;
  world.deploy("hk", "", 1, "echo $JUJU_HOOK_NAME >> local; state-set seen=yes");
  world.settle();
  world.forget_events();
  const std::string address = world.model().unit("hk/0").address;
  world.model().unit("hk/0").replace_pod = true;
  world.settle();
  EXPECT_EQ(world.events(),
            (Events{"hk/0 stop", "hk/0 upgrade-charm", "hk/0 config-changed", "hk/0 start"}));
  EXPECT_EQ(world.charm_file("hk/0", "local"), "");
  EXPECT_EQ(world.model().unit("hk/0").state.at("seen"), "yes");
  EXPECT_NE(world.model().unit("hk/0").address, address);
}

TEST(PodChurn, OfALostNodeRunsNoStop) {
  BashModel world;
  world.deploy("hk", "");
  world.settle();
  world.forget_events();
  world.model().unit("hk/0").replace_pod = true;
  world.model().unit("hk/0").stop_skipped = true;
  world.settle();
  EXPECT_EQ(world.events().front(), "hk/0 upgrade-charm");
}

TEST(PodChurn, KeepsAFailedHookPending) {
  BashModel world;
  world.deploy("hk", "", 1, "if [ $JUJU_HOOK_NAME = update-status ]; then exit 1; fi");
  world.settle();
  world.dispatch("hk/0", {}, "exit 1");
  world.forget_events();
  world.model().unit("hk/0").replace_pod = true;
  world.settle();
  EXPECT_EQ(world.events(), (Events{"hk/0 stop"}));
  EXPECT_EQ(world.model().unit("hk/0").agent.status, "error");
}

TEST(Scale, DownTakesTheUnitApartAndTellsThePeers) {
  BashModel world;
  world.deploy("hk", "peers: {peers: {interface: x}}\n", 2);
  world.settle();
  world.forget_events();
  world.model().application("hk").scale = 1;
  begin_removal(world.model(), "hk/1");
  world.settle();
  Events events = world.events();
  std::sort(events.begin(), events.end());
  EXPECT_EQ(events, (Events{"hk/0 peers-relation-departed", "hk/1 peers-relation-departed",
                            "hk/1 remove", "hk/1 stop"}));
  EXPECT_EQ(world.model().units.count("hk/1"), 0U);
  EXPECT_FALSE(world.machine().pod_exists("hk/1"));
}

class Actions : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.deploy("hk", "");
    world_.add_file("hk", "actions.yaml", "backup: {description: x}\n");
    world_.settle();
  }

  Task run(const std::string& script, const std::string& params = "{}") {
    const int id = world_.model().next_task++;
    world_.model().tasks[id] = Task{.id = id, .unit = "hk/0", .action = "backup", .params = params};
    world_.set_script("hk/0", script);
    world_.settle();
    return world_.model().tasks.at(id);
  }

  BashModel world_;
};

TEST_F(Actions, GiveTheirParametersAndTakeResults) {
  const Task task = run("action-get --format=json\naction-get to.where\naction-set a.b=1 c=2 a.d=3",
                        R"({"to":{"where":"there"}})");
  EXPECT_EQ(task.status, "completed");
  EXPECT_EQ(task.results, R"({"a":{"b":"1","d":"3"},"c":"2","return-code":0,)"
                          R"("stdout":"{\"to\":{\"where\":\"there\"}}\nthere\n"})");
}

TEST_F(Actions, ThatFailKeepWhatTheyAskedFor) {
  const Task task = run("action-set a=1; action-fail 'no space'; state-set x=y");
  EXPECT_EQ(task.status, "failed");
  EXPECT_EQ(task.message, "no space");
  EXPECT_EQ(task.results, R"({"a":"1","return-code":0})");
  EXPECT_EQ(world_.model().unit("hk/0").state.at("x"), "y");
  EXPECT_EQ(run("action-fail").message,
            "action failed without reason given, check action for errors");
}

TEST_F(Actions, ThatCrashKeepNothingAndLeaveTheUnitWell) {
  const Task task = run("state-set x=y; echo oops >&2; exit 3");
  EXPECT_EQ(task.status, "failed");
  EXPECT_EQ(task.results, R"({"return-code":3,"stderr":"oops\n"})");
  EXPECT_EQ(world_.model().unit("hk/0").state.count("x"), 0U);
  EXPECT_EQ(world_.model().unit("hk/0").agent.status, "idle");
}

TEST_F(Actions, ThatCannotBeCommittedFail) {
  const Task task = run("secret-set secret:00000000000000000000 key=x");
  EXPECT_EQ(task.status, "failed");
  EXPECT_EQ(task.message, "committing requested changes failed");
  EXPECT_NE(task.results.find(R"("return-code":1)"), std::string::npos);
}

TEST_F(Actions, RefuseBadKeys) {
  run("action-set Big=1 2> one; echo $? >> one; action-set stdout=1 2> two; action-set word 2> "
      "three");
  EXPECT_EQ(world_.charm_file("hk/0", "one"),
            "ERROR key \"Big\" must start and end with lowercase alphanumeric, and contain only "
            "lowercase alphanumeric, hyphens and periods\n2\n");
  EXPECT_EQ(world_.charm_file("hk/0", "two"), "ERROR cannot set reserved action key \"stdout\"\n");
  EXPECT_EQ(world_.charm_file("hk/0", "three"),
            "ERROR argument \"word\" must be of the form key...=value\n");
}

TEST_F(Actions, RunWhileAHookHasFailed) {
  world_.dispatch("hk/0", {}, "exit 1");
  EXPECT_EQ(run("action-set a=1").status, "completed");
  EXPECT_EQ(world_.model().unit("hk/0").agent.status, "error");
}

TEST(CharmClock, IsTheMachinesOrTheModels) {
  BashModel world;
  world.deploy("hk", "");
  world.settle();
  const auto seen = [&world] {
    world.dispatch("hk/0", {}, "date +%s > now");
    return std::stoll(world.charm_file("hk/0", "now"));
  };
  EXPECT_GT(seen(), 1'790'000'000) << "a real date";
  world.model().moves_charms = true;
  const Millis before = world.model().now;
  EXPECT_NEAR(static_cast<double>(seen()), static_cast<double>(before / one_second), 10);
  world.model().now += 25 * 60 * one_minute;
  EXPECT_NEAR(static_cast<double>(seen()), static_cast<double>(before / one_second) + 25 * 3600,
              10);
}

}  // namespace
}  // namespace rehearsal::test
