// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

#include "charm/workload/workload.hpp"
#include "tests/unit/hook/dispatched_unit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace charm {
namespace {

int writes_to_juju(const DispatchedUnit& unit) {
  int count = 0;
  for (const char* tool : {"relation-set", "open-port", "close-port", "application-version-set"}) {
    const auto found = unit.juju.calls.find(tool);
    count += found == unit.juju.calls.end() ? 0 : found->second;
  }
  return count;
}

bool has_warned(const DispatchedUnit& unit, const std::string& words) {
  return std::any_of(unit.juju.log.begin(), unit.juju.log.end(), [&](const auto& record) {
    return record.first == "WARNING" && record.second.find(words) != std::string::npos;
  });
}

void relate_metrics(DispatchedUnit& unit) {
  unit.juju.relations[DispatchedUnit::metrics_relation] = {.endpoint = "metrics-endpoint",
                                                           .remote_app = "prometheus-k8s"};
}

TEST(Apply, AFreshUnitOpensItsPortsAndSaysWhatIsMissing) {
  DispatchedUnit unit;
  EXPECT_TRUE(unit.dispatch("install"));
  EXPECT_EQ(unit.juju.ports, (std::set<int>{9626, 11370, 11371}));
  EXPECT_EQ(unit.status(),
            (Status{StatusKind::blocked,
                    "no database: run juju integrate hockeypuck-k8s postgresql-k8s"}));
  EXPECT_TRUE(unit.pebble.files.empty());
}

TEST(Apply, PortsThatAreNotOursAreClosed) {
  DispatchedUnit unit;
  unit.juju.ports = {80, 11371};
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.juju.ports, (std::set<int>{9626, 11370, 11371}));
}

TEST(Apply, TheLeaderAsksForTheDatabase) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.database_answer().clear();
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.juju.relations[3].local_app_data.at("database"), "hockeypuck-k8s");
  EXPECT_EQ(unit.status(),
            (Status{StatusKind::waiting, "waiting for postgresql-k8s to create the database"}));
}

TEST(Apply, WithItsDatabaseTheUnitServesAndIsActive) {
  DispatchedUnit unit;
  unit.relate_database();
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status(), Status{});
  EXPECT_EQ(unit.pebble.current("hockeypuck"), "active");
  EXPECT_NE(unit.configuration().find("password='first-password'"), std::string::npos);
  EXPECT_EQ(unit.juju.version, "2.3.3");
}

TEST(Apply, ASecondDispatchWritesNothing) {
  DispatchedUnit unit;
  unit.relate_database();
  relate_metrics(unit);
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  ASSERT_FALSE(unit.juju.relations[5].local_app_data.empty());
  const OutsideState settled = unit.state();
  unit.juju.calls.clear();
  unit.pebble.posts.clear();
  for (const char* hook : {"update-status", "config-changed", "hockeypuck-pebble-ready"}) {
    EXPECT_TRUE(unit.dispatch(hook)) << unit.last_error;
  }
  EXPECT_EQ(writes_to_juju(unit), 0);
  EXPECT_EQ(unit.pebble.posts, std::vector<std::string>{});
  EXPECT_EQ(unit.state(), settled);
}

TEST(Apply, AKeyOfOursThatIsNotWantedAnyMoreIsDeletedAndJujusOwnAreKept) {
  DispatchedUnit unit;
  relate_metrics(unit);
  unit.juju.relations[5].local_app_data = {{"left-over", "x"}};
  unit.juju.relations[5].local_unit_data = {{"left-over", "x"}, {"ingress-address", "10.1.0.7"}};
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_FALSE(unit.juju.relations[5].local_app_data.contains("left-over"));
  EXPECT_FALSE(unit.juju.relations[5].local_unit_data.contains("left-over"));
  EXPECT_TRUE(unit.juju.relations[5].local_unit_data.contains("ingress-address"));
}

TEST(Apply, LosingLeadershipBeforeAWriteIsARaceAndNoFault) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.juju.failing["relation-set"] = {
      .exit_code = 1, .out = {}, .err = "ERROR cannot write relation settings\n"};
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status(), Status{});
}

TEST(Apply, ARelationThatVanishesBeforeAWriteIsNoFault) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.juju.failing["relation-set"] = {
      .exit_code = 1, .out = {}, .err = "ERROR relation not found\n"};
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status(), Status{});
}

TEST(Apply, AnotherRefusalOfAWriteEndsTheHook) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.juju.failing["relation-set"] = {
      .exit_code = 1, .out = {}, .err = "ERROR connection is shut down\n"};
  EXPECT_FALSE(unit.dispatch());
  EXPECT_NE(unit.log_text().find("relation-set"), std::string::npos);
}

TEST(Apply, AMalformedDatabagIsAWarningInTheLog) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.database_answer()["tls"] = "perhaps";
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_NE(unit.log_text().find("relation 3 (database), tls: neither true nor false"),
            std::string::npos);
}

TEST(Apply, ALongStatusIsCutForJujuAndIsInTheLog) {
  DispatchedUnit unit;
  unit.relate_database();
  const std::string cause(200, 'x');
  unit.servers = {{"pg-0", {.cause = cause}}};
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_LE(unit.status().message.size(), 100U);
  EXPECT_NE(unit.log_text().find("waiting for PostgreSQL to answer: " + cause), std::string::npos);
}

TEST(Apply, WithoutPebbleTheDatabaseIsStillAskedForAndTheUnitWaits) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.pebble.down = true;
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status(),
            (Status{StatusKind::waiting, "waiting for Pebble in the hockeypuck container"}));
  EXPECT_EQ(unit.juju.relations[3].local_app_data.at("database"), "hockeypuck-k8s");
}

TEST(Apply, PebbleGoingAwayAtAnyMomentIsWaitingAndTheNextEventContinues) {
  DispatchedUnit untouched;
  untouched.relate_database();
  ASSERT_TRUE(untouched.dispatch());
  for (int exchange = 0; exchange < 60; ++exchange) {
    DispatchedUnit unit;
    unit.relate_database();
    EXPECT_TRUE(unit.dispatch_losing_pebble_at(exchange)) << exchange;
    if (unit.status() == Status{}) {
      EXPECT_GT(exchange, 6);
      return;
    }
    EXPECT_EQ(unit.status().kind, StatusKind::waiting) << exchange;
    EXPECT_TRUE(unit.status().message.starts_with("waiting for Pebble in the hockeypuck container"))
        << exchange << ": " << unit.status().message;
    EXPECT_TRUE(unit.dispatch("hockeypuck-pebble-ready"));
    EXPECT_EQ(unit.state(), untouched.state()) << exchange;
  }
  FAIL() << "a dispatch never came to its end";
}

TEST(Apply, TimeThatEndsAtAnyMomentIsWaitingAndTheNextEventContinues) {
  DispatchedUnit untouched;
  untouched.relate_database();
  ASSERT_TRUE(untouched.dispatch());
  for (int exchange = 0; exchange < 60; ++exchange) {
    DispatchedUnit unit;
    unit.relate_database();
    EXPECT_TRUE(unit.dispatch_out_of_time_at(exchange)) << exchange;
    if (unit.status() == Status{}) {
      EXPECT_GT(exchange, 6);
      return;
    }
    EXPECT_EQ(unit.status().kind, StatusKind::waiting) << exchange;
    EXPECT_TRUE(unit.status().message.starts_with("the time of a hook is over"))
        << exchange << ": " << unit.status().message;
    EXPECT_TRUE(unit.dispatch());
    EXPECT_EQ(unit.state(), untouched.state()) << exchange;
  }
  FAIL() << "a dispatch never came to its end";
}

TEST(Apply, ADirectoryThatCannotBeWrittenIsBlockedWithTheReason) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.pebble.unwritable.insert("/hockeypuck/etc/hockeypuck.conf");
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status().kind, StatusKind::blocked);
  EXPECT_NE(unit.status().message.find("/hockeypuck/etc/hockeypuck.conf"), std::string::npos);
  EXPECT_EQ(unit.pebble.current("hockeypuck"), "inactive");
}

TEST(Apply, AFileThatPebbleCannotReadIsBlockedWithItsPathAndTheKeyserverStays) {
  DispatchedUnit unit;
  unit.relate_database();
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  const std::string path = "/hockeypuck/etc/hockeypuck.conf";
  unit.pebble.unreadable.insert(path);
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status().kind, StatusKind::blocked);
  EXPECT_NE(unit.status().message.find(path), std::string::npos) << unit.status().message;
  EXPECT_EQ(unit.pebble.current("hockeypuck"), "active");
  unit.pebble.unreadable.clear();
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status(), Status{});
}

TEST(Apply, ARequestThatPebbleFailsIsNamedInTheStatusAndTheLog) {
  DispatchedUnit unit;
  unit.relate_database();
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  unit.pebble.failing.insert("/v1/plan");
  EXPECT_FALSE(has_warned(unit, "/v1/plan"));
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status().kind, StatusKind::waiting);
  EXPECT_TRUE(unit.status().message.starts_with("a Pebble request failed, see juju debug-log"))
      << unit.status().message;
  EXPECT_TRUE(has_warned(unit, "/v1/plan")) << unit.log_text();
  unit.pebble.failing.clear();
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status(), Status{});
}

TEST(Layer, WithoutEffectIsAddedUnderNineLabels) {
  const Layer missing{.services = {{"hockeypuck", {.command = "sleep 1"}}}};
  History history;
  std::set<std::string> labels;
  while (const auto step = add_layer(Concern::keyserver, missing, history)) {
    ASSERT_TRUE(labels.insert(std::get<step::AddLayer>(step->what).label).second);
    ASSERT_LT(labels.size(), 20U);
    history.add({*step, {}});
  }
  EXPECT_EQ(labels.size(), 9U);
}

TEST(Apply, ARestartKeepsToTheTurnOfTheUnitAlthoughTheDatabaseAnswersSlowly) {
  constexpr std::int64_t turn = 4;
  constexpr std::int64_t cycle = 2 * turn;
  DispatchedUnit unit;
  unit.relate_database();
  unit.juju.relations[peer_relation].remote_units["hockeypuck-k8s/1"];
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  unit.probe_time = std::chrono::seconds(4);
  for (std::int64_t second = 0; second < cycle; ++second) {
    unit.now =
        std::chrono::sys_seconds(std::chrono::seconds(1'800'001'000 + 100 * second + second));
    unit.juju.config["query-limit"] = 200 + second;
    const int starts = unit.pebble.starts("hockeypuck");
    EXPECT_TRUE(unit.dispatch("config-changed")) << unit.last_error;
    EXPECT_EQ(unit.pebble.starts("hockeypuck"), starts + 1);
    EXPECT_EQ(unit.now.time_since_epoch().count() % cycle, 0) << "begun in second " << second;
  }
}

/// Juju chooses the names of secrets.
OutsideState but_for_names(OutsideState state) {
  state.app_bags.at(0).erase("admin-key-secret");
  return state;
}

TEST(Apply, KilledAtAnyMomentANextRunReachesTheSameState) {
  DispatchedUnit untouched;
  untouched.relate_database();
  relate_metrics(untouched);
  ASSERT_TRUE(untouched.dispatch());
  int touch = 0;
  for (;; ++touch) {
    DispatchedUnit unit;
    unit.relate_database();
    relate_metrics(unit);
    const bool killed = unit.dispatch_killed_at(touch);
    unit.keys_made = killed ? 0 : 1;  // The admin key is random, and does not matter here.
    EXPECT_TRUE(unit.dispatch()) << unit.last_error;
    EXPECT_EQ(but_for_names(unit.state()), but_for_names(untouched.state()))
        << "killed at " << touch;
    if (!killed) {
      break;
    }
  }
  EXPECT_GT(touch, 20);
}

TEST(Apply, NoSecretReachesALogOrAnArgument) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.database_answer().erase("password");
  unit.database_answer()["secret-user"] = "secret:9m4e2mr0ui3e8a215n4g";
  auto& revisions = unit.juju.secrets["9m4e2mr0ui3e8a215n4g"].revisions;
  revisions = {{{"username", "u"}, {"password", "canary-one"}}};
  unit.juju.config["log-level"] = std::string("debug");
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  revisions.push_back({{"username", "u"}, {"password", "canary-two"}});
  ASSERT_TRUE(unit.dispatch("secret-changed"));
  unit.pebble.exits_quickly["hockeypuck"] = {"cannot open database"};
  revisions.push_back({{"username", "u"}, {"password", "canary-three"}});
  ASSERT_TRUE(unit.dispatch("secret-changed"));
  ASSERT_NE(unit.configuration().find("canary-three"), std::string::npos);

  EXPECT_EQ(unit.log_text().find("canary"), std::string::npos);
  EXPECT_EQ(unit.status().message.find("canary"), std::string::npos);
  EXPECT_EQ(unit.state().plan.find("canary"), std::string::npos);
  EXPECT_TRUE(std::none_of(unit.arguments.begin(), unit.arguments.end(), [](const auto& argument) {
    return argument.find("canary") != std::string::npos;
  }));
}

TEST(Apply, StoppingEndsTheKeyserverAndLeavesPortsBagsAndStatusAlone) {
  DispatchedUnit unit;
  unit.relate_database();
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  unit.juju.unit_status.reset();
  OutsideState expected = unit.state();
  expected.service = "inactive";
  for (const std::string& path : unit.files_off_storage()) {
    expected.files.erase(path);
  }
  EXPECT_TRUE(unit.dispatch("stop"));
  EXPECT_EQ(unit.state(), expected);
}

TEST(Apply, StoppingWithoutPebbleIsNoFault) {
  DispatchedUnit unit;
  unit.pebble.down = true;
  EXPECT_TRUE(unit.dispatch("stop"));
}

TEST(Apply, AnUpgradeAfterAStopServesAgain) {
  DispatchedUnit unit;
  unit.relate_database();
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  const OutsideState before = unit.state();
  ASSERT_TRUE(unit.dispatch("stop"));
  unit.pebble.restart_container();
  EXPECT_TRUE(unit.dispatch("upgrade-charm"));
  EXPECT_EQ(unit.state(), before);
}

}  // namespace
}  // namespace charm
