// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/keyserver_service/keyserver_service.hpp"

#include "charm/domain/statuses.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/hockeypuck/key_load.hpp"
#include "charm/hook/reconcile.hpp"
#include "charm/workload/workload.hpp"
#include "tests/unit/hook/dispatched_unit.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace charm {
namespace {

/// A unit that serves from pg-0.
class Workload : public ::testing::Test {
 protected:
  void SetUp() override {
    unit.relate_database();
    ASSERT_TRUE(unit.dispatch()) << unit.last_error;
    ASSERT_EQ(unit.status(), Status{});
    unit.pebble.posts.clear();
  }

  [[nodiscard]] bool uses(const std::string& host) const {
    return unit.configuration().find("host='" + host + "'") != std::string::npos;
  }

  [[nodiscard]] int starts() const { return unit.pebble.starts(hockeypuck_service); }

  void expect_untouched_while(const Status& status) {
    const auto files = unit.state().files;
    const auto plan = unit.state().plan;
    const int before = starts();
    EXPECT_TRUE(unit.dispatch()) << unit.last_error;
    EXPECT_EQ(unit.status(), status);
    EXPECT_EQ(unit.state().files, files);
    EXPECT_EQ(unit.state().plan, plan);
    EXPECT_EQ(starts(), before);
    EXPECT_EQ(unit.pebble.current(hockeypuck_service), "active");
  }

  DispatchedUnit unit;
};

TEST_F(Workload, RotatingThePasswordRestartsOnceAndForgetsTheOldOne) {
  const int before = starts();
  unit.database_answer()["password"] = "second-password";
  EXPECT_TRUE(unit.dispatch("secret-changed"));
  EXPECT_EQ(starts(), before + 1);
  EXPECT_NE(unit.configuration().find("second-password"), std::string::npos);
  for (const auto& [path, content] : unit.state().files) {
    EXPECT_EQ(content.find("first-password"), std::string::npos) << path;
  }
}

/// The time after a dispatch that restarts the keyserver, in seconds after a full cycle of turns.
class Turns : public Workload {
 protected:
  void add_units(int count) {
    for (int number = 1; number <= count; ++number) {
      unit.juju.relations[peer_relation].remote_units["hockeypuck-k8s/" + std::to_string(number)];
    }
    ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  }

  std::int64_t restarts_at(std::int64_t second) {
    static constexpr std::chrono::seconds full_cycle(1'800'000'000);
    unit.now = std::chrono::sys_seconds(full_cycle + std::chrono::seconds(second));
    unit.juju.config["query-limit"] = ++limit_;
    const int before = starts();
    EXPECT_TRUE(unit.dispatch("config-changed")) << unit.last_error;
    EXPECT_EQ(starts(), before + 1);
    return (unit.now.time_since_epoch() - full_cycle).count();
  }

 private:
  std::int64_t limit_ = 200;
};

TEST_F(Turns, OfSeveralUnitsComeOneAfterTheOther) {
  add_units(2);
  EXPECT_EQ(restarts_at(0), 0);
  EXPECT_EQ(restarts_at(1), 12);
  EXPECT_NE(unit.log_text().find("waiting 11 s for this unit's turn to restart"),
            std::string::npos);
  EXPECT_EQ(restarts_at(11), 12);
}

TEST_F(Turns, OfManyUnitsEndWithinTwelveSeconds) {
  add_units(40);
  EXPECT_EQ(restarts_at(1), 12);
}

TEST_F(Turns, AreNotNeededByASingleUnit) {
  EXPECT_EQ(restarts_at(1), 1);
}

TEST_F(Turns, AreNotNeededByAKeyserverThatDoesNotServe) {
  add_units(2);
  unit.slow_to_start = true;
  // The fake clock counts the checks of the start.
  static_cast<void>(restarts_at(1));
  EXPECT_EQ(unit.log_text().find("turn to restart"), std::string::npos);
}

TEST_F(Workload, WhileTheDatabaseIsDownTheKeyserverKeepsRunning) {
  unit.servers.clear();
  expect_untouched_while(
      {StatusKind::waiting, "waiting for PostgreSQL to answer: connection refused"});
  unit.servers["pg-0"] = {.outcome = postgres::Outcome::ready};
  expect_untouched_while(Status{});
}

TEST_F(Workload, ADatabaseThatOnlyTheKeyserverCannotUseIsWaiting) {
  Snapshot snapshot = unit.observe_now();
  const Plan plan = reconcile(snapshot);
  const step::ProbeDatabase probe{plan.workloads.front().database};
  snapshot.history.add({{Concern::keyserver, probe, {}},
                        postgres::ProbeResult{.outcome = postgres::Outcome::ready}});
  snapshot.keyserver = KeyserverHealth::database_failing;
  EXPECT_EQ(keep_keyserver(plan, snapshot).statuses,
            std::vector{statuses::keyserver_without_database()});
  EXPECT_NE(next_step(plan, snapshot)->concern, Concern::admin_key)
      << "a keyserver that does not serve has no answer";
}

TEST(FaultOfPebble, IsAServiceThatDoesNotStopButNotOneThatDoesNotStart) {
  const auto fault_after = [](Step::What what) {
    History history;
    history.add({{Concern::keyserver, std::move(what), {}},
                 Refusal{Refusal::By::program, "it takes too long"}});
    return fault_of_pebble(Concern::keyserver, history) != nullptr;
  };
  EXPECT_TRUE(fault_after(step::StopServices{{hockeypuck_service}}));
  EXPECT_FALSE(fault_after(step::StartService{hockeypuck_service}));
}

TEST_F(Workload, APasswordThatChangesWhileTheDatabaseIsDownWaitsForIt) {
  unit.servers.clear();
  unit.database_answer()["password"] = "second-password";
  expect_untouched_while(
      {StatusKind::waiting, "waiting for PostgreSQL to answer: connection refused"});
  unit.servers["pg-0"] = {.outcome = postgres::Outcome::ready};
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_NE(unit.configuration().find("second-password"), std::string::npos);
}

TEST_F(Workload, AWrongCaBlocksAndTheRunningKeyserverStays) {
  unit.database_answer()["tls"] = "True";
  unit.database_answer()["tls-ca"] = "-----BEGIN CERTIFICATE-----";
  unit.servers["pg-0"] = {.outcome = postgres::Outcome::untrusted, .cause = "self-signed"};
  expect_untouched_while({StatusKind::blocked,
                          "PostgreSQL is not trusted, check the CA of its relation: self-signed"});
}

TEST_F(Workload, AWrongOptionBlocksAndTheRunningKeyserverStays) {
  unit.juju.config["query-limit"] = std::int64_t{0};
  const Status wrong{StatusKind::blocked, "option query-limit: must be from 1 to 100000, not 0"};
  expect_untouched_while(wrong);
}

TEST_F(Workload, AWrongOptionLeavesTheRoutesOfTraefikAsTheyAre) {
  constexpr int route = 12;
  unit.juju.relations[route] = {.endpoint = "traefik-route",
                                .remote_app = "traefik-k8s",
                                .remote_units = {{"traefik-k8s/0", {}}}};
  unit.juju.config["external-peers"] = std::string("peer.example.org");
  ASSERT_TRUE(unit.dispatch_relation(route, "created")) << unit.last_error;
  const Databag routes = unit.state().app_bags.at(route);
  ASSERT_NE(routes.at("config").find("tcp"), std::string::npos);
  unit.juju.config["external-peers"] = std::string("a,b,c");
  EXPECT_TRUE(unit.dispatch("config-changed")) << unit.last_error;
  EXPECT_EQ(unit.status().kind, StatusKind::blocked);
  EXPECT_EQ(unit.state().app_bags.at(route), routes);
}

TEST_F(Workload, FollowsTheDatabaseToAnotherEndpointAndBack) {
  unit.servers.clear();
  unit.servers["pg-1"] = {.outcome = postgres::Outcome::ready};
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_TRUE(uses("pg-1"));
  EXPECT_EQ(unit.status(), Status{});

  unit.servers["pg-0"] = {.outcome = postgres::Outcome::read_only};
  const int before = starts();
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_TRUE(uses("pg-1"));
  EXPECT_EQ(starts(), before);
}

TEST_F(Workload, AnEndpointThatIsNotNamedAnyMoreIsLeft) {
  unit.database_answer()["endpoints"] = "pg-9:5432";
  unit.servers["pg-9"] = {.outcome = postgres::Outcome::ready};
  const int before = starts();
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_TRUE(uses("pg-9"));
  EXPECT_EQ(starts(), before + 1);
}

TEST_F(Workload, AServiceThatSomebodyStoppedIsStartedAgain) {
  unit.pebble.send({.method = "POST",
                    .target = "/v1/services",
                    .body = R"({"action":"stop","services":["hockeypuck"]})"},
                   std::chrono::seconds(1));
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.pebble.current(hockeypuck_service), "active");
  EXPECT_EQ(unit.status(), Status{});
}

TEST_F(Workload, AServiceThatAnotherLayerChangesIsSetRightByTheNextHookAndThenLeftAlone) {
  const std::string settled = unit.state().plan;
  for (const char* label : {"first", "second"}) {
    unit.add_layer(label, {.services = {{hockeypuck_service, {.command = "sleep 1"}}}});
    EXPECT_NE(unit.state().plan, settled);
    EXPECT_TRUE(unit.dispatch()) << unit.last_error;
    EXPECT_EQ(unit.state().plan, settled);
    expect_untouched_while(Status{});
  }
  EXPECT_EQ(starts(), 3);
}

TEST_F(Workload, IsLeftAloneOncePebbleIsLostOrTheTimeIsOver) {
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  const auto status_after = [&](const Refusal& refusal) {
    Snapshot snapshot = unit.observe_now();
    snapshot.history.add(
        {{Concern::logging, step::SendSignal{"SIGUSR1", hockeypuck_service}, {}}, refusal});
    const auto step = next_step(reconcile(snapshot), snapshot);
    return step ? step->what : Step::What();
  };
  EXPECT_EQ(status_after({Refusal::By::lost_pebble, "connection reset by peer"}),
            Step::What(step::SetStatus{statuses::waiting_for_pebble_again()}));
  EXPECT_EQ(status_after({Refusal::By::time, "replan has not ended in time"}),
            Step::What(step::SetStatus{statuses::out_of_time("replan has not ended in time")}));
}

TEST_F(Workload, AFreshContainerIsFilledAgain) {
  const OutsideState before = unit.state();
  unit.pebble.restart_container();
  EXPECT_TRUE(unit.dispatch("hockeypuck-pebble-ready"));
  EXPECT_EQ(unit.state(), before);
}

TEST_F(Workload, AFileThatSomebodyChangedIsWrittenAgainAndTheServiceStaysUp) {
  const std::string right = unit.configuration();
  unit.pebble.files[std::string(hockeypuck::config_path)].content = "broken";
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.configuration(), right);
  EXPECT_EQ(unit.pebble.current(hockeypuck_service), "active");
}

TEST_F(Workload, WithoutItsRelationTheKeyserverIsStoppedAndOnlyTheTreeIsLeft) {
  unit.remove_database();
  EXPECT_TRUE(unit.dispatch("database-relation-broken", {{"JUJU_RELATION_ID", "database:3"}}));
  EXPECT_EQ(unit.pebble.current(hockeypuck_service), "inactive");
  EXPECT_EQ(unit.files_off_storage(), std::set<std::string>{});
  EXPECT_EQ(unit.status().kind, StatusKind::blocked);
  unit.pebble.posts.clear();
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_TRUE(unit.pebble.posts.empty());
}

TEST_F(Workload, WithoutItsRelationALoadOfKeysEndsAndItsPasswordIsRemoved) {
  const std::string below = std::string(key_load::directory) + "/";
  for (const std::string name :
       {"hockeypuck-load.conf", "postgresql-ca.pem", "job.json", "fresh-0000.pgp"}) {
    unit.pebble.files[below + name] = {.path = below + name, .content = "of the load"};
  }
  unit.add_layer(std::string(key_load::layer_label), key_load::layer({below + "fresh-0000.pgp"}));
  pebble::Client(unit.pebble).start({std::string(key_load::service)});
  ASSERT_EQ(unit.pebble.current("key-load"), "active");
  unit.remove_database();
  EXPECT_TRUE(unit.dispatch("database-relation-broken", {{"JUJU_RELATION_ID", "database:3"}}));
  EXPECT_EQ(unit.pebble.current("key-load"), "inactive");
  for (const char* name : {"hockeypuck-load.conf", "postgresql-ca.pem", "job.json"}) {
    EXPECT_EQ(unit.file(below + name), "") << name;
  }
}

TEST_F(Workload, WithoutItsRelationALoadThatANewContainerFoundLosesItsPasswordToo) {
  unit.servers.clear();
  unit.pebble.restart_container();
  const std::string below = std::string(key_load::directory) + "/";
  for (const std::string name : {"hockeypuck-load.conf", "job.json"}) {
    unit.pebble.files[below + name] = {.path = below + name, .content = "of the load"};
  }
  EXPECT_TRUE(unit.dispatch("hockeypuck-pebble-ready"));
  ASSERT_EQ(unit.configuration(), "");
  unit.remove_database();
  EXPECT_TRUE(unit.dispatch("database-relation-broken", {{"JUJU_RELATION_ID", "database:3"}}));
  EXPECT_EQ(unit.file(below + "hockeypuck-load.conf"), "");
  EXPECT_EQ(unit.file(below + "job.json"), "");
}

TEST_F(Workload, ASecretThatCannotBeReadLeavesTheKeyserverRunning) {
  unit.database_answer().erase("password");
  unit.database_answer()["secret-user"] = "secret:9m4e2mr0ui3e8a215n4g";
  expect_untouched_while({StatusKind::waiting, "waiting for postgresql-k8s to grant its secret"});
}

TEST_F(Workload, LosingLeadershipStopsReconciliationOnly) {
  unit.juju.leader = false;
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_NE(unit.configuration().find("reconAddr = \"none\""), std::string::npos)
      << unit.configuration();
  EXPECT_EQ(unit.status(), Status{});
}

TEST_F(Workload, ANewLokiChangesOnlyWhereLogsGo) {
  const int before = starts();
  unit.juju.relations[8] = {
      .endpoint = "logging",
      .remote_app = "loki-k8s",
      .remote_units = {
          {"loki-k8s/0", {{"endpoint", R"({"url":"http://10.1.0.9:3100/loki/api/v1/push"})"}}}}};
  EXPECT_TRUE(unit.dispatch_relation(8, "changed")) << unit.last_error;
  EXPECT_NE(unit.state().plan.find("http://10.1.0.9:3100/loki/api/v1/push"), std::string::npos);
  EXPECT_EQ(starts(), before);
}

/// The CA must remain as long as the service that was started with it.
TEST(StaleFiles, ACaIsRemovedOnlyAfterTheServiceRunsWithoutIt) {
  const auto tls_unit = [](DispatchedUnit& unit) {
    unit.relate_database();
    unit.database_answer()["tls"] = "True";
    unit.database_answer()["tls-ca"] = "-----BEGIN CERTIFICATE-----";
    ASSERT_TRUE(unit.dispatch()) << unit.last_error;
    ASSERT_NE(unit.file(hockeypuck::ca_path), "");
    unit.database_answer()["tls"] = "False";
  };
  int touch = 0;
  for (bool killed = true; killed; ++touch) {
    DispatchedUnit unit;
    tls_unit(unit);
    const int starts = unit.pebble.starts(hockeypuck_service);
    killed = unit.dispatch_killed_at(touch);
    if (unit.pebble.starts(hockeypuck_service) == starts) {
      EXPECT_NE(unit.file(hockeypuck::ca_path), "") << "killed at " << touch;
    }
    EXPECT_TRUE(unit.dispatch()) << unit.last_error;
    EXPECT_EQ(unit.file(hockeypuck::ca_path), "") << "killed at " << touch;
    EXPECT_EQ(unit.status(), Status{});
  }
  EXPECT_GT(touch, 20);
}

TEST(Version, KilledAtAnyMomentTheNextRunSetsIt) {
  int touch = 0;
  for (bool killed = true; killed; ++touch) {
    DispatchedUnit unit;
    unit.relate_database();
    const Databag answer = std::exchange(unit.database_answer(), {});
    ASSERT_TRUE(unit.dispatch()) << unit.last_error;
    unit.database_answer() = answer;
    killed = unit.dispatch_killed_at(touch);
    EXPECT_TRUE(unit.dispatch()) << unit.last_error;
    EXPECT_EQ(unit.juju.version, "2.3.3") << "killed at " << touch;
  }
  EXPECT_GT(touch, 20);
}

TEST(Version, OfAKeyserverThatStartsSlowlyIsSetByTheNextRun) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.slow_to_start = true;
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.juju.version, "");
  unit.slow_to_start = false;
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.juju.version, "2.3.3");
}

/// A password rotation may be killed at any point: the keyserver ends with the new password,
/// restarted.
TEST(Rotation, KilledAtAnyMomentTheNextRunEndsWithTheNewPassword) {
  int touch = 0;
  for (bool killed = true; killed; ++touch) {
    DispatchedUnit unit;
    unit.relate_database();
    ASSERT_TRUE(unit.dispatch()) << unit.last_error;
    const int starts = unit.pebble.starts(hockeypuck_service);
    unit.database_answer()["password"] = "second-password";
    killed = unit.dispatch_killed_at(touch);
    EXPECT_TRUE(unit.dispatch()) << unit.last_error;
    EXPECT_NE(unit.configuration().find("second-password"), std::string::npos);
    EXPECT_EQ(unit.pebble.starts(hockeypuck_service), starts + 1) << "killed at " << touch;
    EXPECT_EQ(unit.status(), Status{});
  }
  EXPECT_GT(touch, 15);
}

}  // namespace
}  // namespace charm
