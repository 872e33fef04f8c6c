// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/unit/hook/dispatched_unit.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace charm {
namespace {

constexpr int traefik_relation = 12;
constexpr int metrics = 13;
constexpr int logging = 15;

/// A leader with all relations, whose hooks have nothing to do.
class MemoryTest : public testing::Test {
 protected:
  MemoryTest() {
    unit.relate_database();
    relate(11, "ingress", "traefik-k8s");
    relate(traefik_relation, "traefik-route", "traefik-k8s");
    relate(metrics, "metrics-endpoint", "prometheus-k8s");
    relate(14, "grafana-dashboard", "grafana-k8s");
    relate(logging, "logging", "loki-k8s");
    auto& answer = unit.database_answer();
    answer.erase("username");
    answer.erase("password");
    answer["secret-user"] = "secret:9m4e2mr0ui3e8a215n4g";
    answer["secret-tls"] = "secret:9m4e2mr0ui3e8a215n5g";
    unit.juju.secrets["9m4e2mr0ui3e8a215n4g"].revisions = {{{"username", "u"}, {"password", "p"}}};
    unit.juju.secrets["9m4e2mr0ui3e8a215n5g"].revisions = {{{"tls", "False"}}};
    unit.juju.relations[11].remote_app_data = {{"ingress", R"({"url": "http://keys.test/"})"}};
    settle();
  }

  void relate(int id, const std::string& endpoint, const std::string& app) {
    unit.juju.relations[id] = {
        .endpoint = endpoint, .remote_app = app, .remote_units = {{app + "/0", {}}}};
  }

  /// The first hook writes, the second reads that back, and the third knows that there is nothing
  /// to write.
  void settle() {
    for (int i = 0; i < 3; ++i) {
      EXPECT_TRUE(unit.dispatch("config-changed")) << unit.last_error;
    }
  }

  std::map<std::string, int> calls_of(const std::string& hook) {
    unit.juju.calls.clear();
    EXPECT_TRUE(unit.dispatch(hook)) << unit.last_error;
    return unit.juju.calls;
  }

  /// Another writer changes data that only this charm should write.
  void damage() {
    unit.juju.relations[metrics].local_app_data["alert_rules"] = "{}";
    unit.juju.relations[metrics].local_unit_data.clear();
    unit.juju.relations[traefik_relation].local_app_data.clear();
    unit.juju.ports = {80};
  }

  /// Juju's data about the unit. Over time the keyserver's files change as well.
  [[nodiscard]] OutsideState published() const {
    const OutsideState all = unit.state();
    return {.app_bags = all.app_bags, .unit_bags = all.unit_bags, .ports = all.ports};
  }

  [[nodiscard]] const Databag& app_bag(int id) const {
    return unit.juju.relations.at(id).local_app_data;
  }

  DispatchedUnit unit;
};

using Calls = std::map<std::string, int>;

// Each call is a process and a request to the agent. A quiet hook reads only the data that others
// decide:
//
// - the options, leadership, the five remote databags that matter, the members of two relations,
//   and the two secrets;
// - the state with the memory of the rest.
//
// It always sets the status as well.
TEST_F(MemoryTest, AQuietHookReadsOnlyWhatOthersDecide) {
  EXPECT_EQ(calls_of("update-status"), (Calls{{"config-get", 1},
                                              {"is-leader", 1},
                                              {"state-get", 1},
                                              {"relation-get", 4},
                                              {"relation-list", 2},
                                              {"secret-get", 2},
                                              {"status-set", 1}}));
}

TEST_F(MemoryTest, AnyOtherHookReadsPortsAndAddressToo) {
  auto expected = calls_of("update-status");
  expected["opened-ports"] = 1;
  expected["network-get"] = 1;
  EXPECT_EQ(calls_of("config-changed"), expected);
  EXPECT_EQ(calls_of("hockeypuck-pebble-ready"), expected);
}

TEST_F(MemoryTest, AFollowerAsksForNoMore) {
  const auto calls_of_leader = calls_of("update-status");
  unit.juju.leader = false;
  settle();
  EXPECT_EQ(calls_of("update-status"), calls_of_leader);
}

TEST_F(MemoryTest, ANewRelationIsFoundByItsFirstHook) {
  relate(20, "metrics-endpoint", "second-prometheus");
  EXPECT_TRUE(unit.dispatch_relation(20, "created"));
  EXPECT_EQ(app_bag(20), app_bag(metrics));
}

TEST_F(MemoryTest, ABrokenRelationIsForgotten) {
  unit.juju.relations[3].broken = true;
  EXPECT_TRUE(unit.dispatch_relation(3, "broken"));
  unit.juju.relations.erase(3);
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status().kind, StatusKind::blocked);
}

// An operator may skip the hook that reports it: juju resolved --no-retry.
TEST_F(MemoryTest, ARelationThatWentWithoutAHookIsFoundGone) {
  unit.juju.relations.erase(3);
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status().kind, StatusKind::blocked);
}

TEST_F(MemoryTest, ARelationThatCameWithoutAHookIsFoundByAnyLaterOneOfItsEndpoint) {
  unit.juju.relations[3].broken = true;
  EXPECT_TRUE(unit.dispatch_relation(3, "broken"));
  unit.juju.relations.erase(3);
  unit.relate_database();
  EXPECT_TRUE(unit.dispatch_relation(3, "changed"));
  EXPECT_EQ(unit.status(), Status{});
}

TEST_F(MemoryTest, AnotherLeadersDatabagsAreNotTakenForOurs) {
  const Databag ours = app_bag(traefik_relation);
  // The other unit led, and published, while this unit ran no hook.
  unit.juju.relations[0].local_app_data["published-by"] = "hockeypuck-k8s/1";
  unit.juju.relations[traefik_relation].local_app_data["config"] = "routes to hockeypuck-k8s/1";
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(app_bag(traefik_relation), ours);
  EXPECT_EQ(app_bag(0).at("published-by"), "hockeypuck-k8s/0");
}

TEST_F(MemoryTest, WhatAnEarlierLeaderWroteIsReadOnceLeadershipComesBack) {
  const Databag ours = app_bag(traefik_relation);
  unit.juju.leader = false;
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  unit.juju.relations[traefik_relation].local_app_data["config"] = "routes to hockeypuck-k8s/1";
  unit.juju.leader = true;
  EXPECT_TRUE(unit.dispatch("leader-elected")) << unit.last_error;
  EXPECT_EQ(app_bag(traefik_relation), ours);
}

// A unit that Juju removes may still lead. It sees no other unit any more, but these serve.
TEST_F(MemoryTest, ALeaderThatIsRemovedLeavesTheRouteAndItsKeyserverAlone) {
  auto& others = unit.juju.relations[peer_relation].remote_units;
  others = {{"hockeypuck-k8s/1", {}}, {"hockeypuck-k8s/2", {}}};
  settle();
  const Databag route = app_bag(traefik_relation);
  ASSERT_NE(route.at("config").find("hockeypuck-k8s-2"), std::string::npos);
  const int starts = unit.pebble.starts("hockeypuck");
  others.clear();
  unit.juju.config["query-limit"] = std::int64_t{300};
  EXPECT_TRUE(unit.dispatch("hockeypuck-peers-relation-departed",
                            {{"JUJU_DEPARTING_UNIT", "hockeypuck-k8s/0"}}))
      << unit.last_error;
  EXPECT_EQ(app_bag(traefik_relation), route);
  EXPECT_EQ(unit.pebble.starts("hockeypuck"), starts);
  unit.remove_database();
  EXPECT_TRUE(unit.dispatch("database-relation-broken", {{"JUJU_RELATION_ID", "database:3"}}))
      << unit.last_error;
  EXPECT_EQ(app_bag(traefik_relation), route);
  EXPECT_EQ(unit.pebble.current("hockeypuck"), "inactive");
}

TEST_F(MemoryTest, ALeaderWithoutOtherUnitsPublishesItselfAlone) {
  auto& others = unit.juju.relations[peer_relation].remote_units;
  others = {{"hockeypuck-k8s/1", {}}};
  settle();
  others.clear();
  EXPECT_TRUE(unit.dispatch("hockeypuck-peers-relation-departed",
                            {{"JUJU_DEPARTING_UNIT", "hockeypuck-k8s/1"}}))
      << unit.last_error;
  EXPECT_EQ(app_bag(traefik_relation).at("config").find("hockeypuck-k8s-1"), std::string::npos);
}

// Juju rolls back both the writes of the hook and its memory.
TEST_F(MemoryTest, WhatAFailedHookWroteIsWrittenAgain) {
  const std::string remembered = unit.juju.state.at("memory");
  unit.juju.config["external-peers"] = std::string("peer.example.com");
  unit.juju.failing["status-set"] = {
      .exit_code = 1, .out = {}, .err = "ERROR connection is shut down\n"};
  EXPECT_FALSE(unit.dispatch("config-changed"));
  EXPECT_EQ(app_bag(traefik_relation).at("config").find("tcp"), std::string::npos);
  EXPECT_EQ(unit.juju.state.at("memory"), remembered);
  unit.juju.failing.clear();
  EXPECT_TRUE(unit.dispatch("config-changed")) << unit.last_error;
  EXPECT_NE(app_bag(traefik_relation).at("config").find("tcp"), std::string::npos);
}

// Juju 4.0 commits a hook's parts one by one.
TEST_F(MemoryTest, AWriteThatDidNotArriveIsMadeAgainThoughTheStateWasKept) {
  const Databag before = app_bag(traefik_relation);
  unit.juju.config["external-peers"] = std::string("peer.example.com");
  EXPECT_TRUE(unit.dispatch("config-changed")) << unit.last_error;
  const Databag wanted = app_bag(traefik_relation);
  ASSERT_NE(wanted, before);
  unit.juju.relations[traefik_relation].local_app_data = before;
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(app_bag(traefik_relation), wanted);
}

TEST_F(MemoryTest, PortsThatAnOperatorChangedAreSetRightByAnyHookButUpdateStatus) {
  unit.juju.ports = {80, 11371};
  EXPECT_TRUE(unit.dispatch("update-status")) << unit.last_error;
  EXPECT_EQ(unit.juju.ports, (std::set<int>{80, 11371}));
  EXPECT_TRUE(unit.dispatch("config-changed")) << unit.last_error;
  EXPECT_EQ(unit.juju.ports, (std::set<int>{9626, 11370, 11371}));
}

TEST_F(MemoryTest, ADatabagThatAnOperatorChangedIsSetRightByAHookOfTheRelation) {
  const Databag ours = app_bag(metrics);
  unit.juju.relations[metrics].local_app_data["alert_rules"] = "{}";
  EXPECT_TRUE(unit.dispatch_relation(metrics, "changed"));
  EXPECT_EQ(app_bag(metrics), ours);
}

// Changed with juju exec, which no hook reports.
TEST_F(MemoryTest, WhatAnOperatorChangedIsSetRightWithinTheHour) {
  const OutsideState settled = published();
  damage();
  unit.now += std::chrono::minutes(59);
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_NE(published(), settled);
  unit.now += std::chrono::minutes(1);
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(published(), settled);
}

TEST_F(MemoryTest, EverythingIsReadOnceAnHourAndNoMore) {
  const auto quiet = calls_of("update-status");
  unit.now += std::chrono::hours(1);
  EXPECT_GT(calls_of("update-status").at("relation-get"), quiet.at("relation-get"));
  EXPECT_EQ(calls_of("update-status"), quiet);
  unit.now += std::chrono::minutes(59);
  EXPECT_EQ(calls_of("update-status"), quiet);
}

// None of these events reports the changes before it, and the memory may be another revision's.
TEST_F(MemoryTest, ANewPodAgentOrCharmReadsEverything) {
  const OutsideState settled = unit.state();
  for (const char* hook : {"install", "start", "upgrade-charm"}) {
    damage();
    EXPECT_TRUE(unit.dispatch(hook)) << unit.last_error;
    EXPECT_EQ(unit.state(), settled) << hook;
  }
}

TEST_F(MemoryTest, ALostStateReadsEverything) {
  const OutsideState settled = unit.state();
  damage();
  unit.juju.state.clear();
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.state(), settled);
}

TEST_F(MemoryTest, ANewAddressIsPublishedByTheConfigChangedThatTellsOfIt) {
  unit.juju.address = "10.1.0.8";
  EXPECT_TRUE(unit.dispatch("config-changed")) << unit.last_error;
  EXPECT_EQ(unit.juju.relations[metrics].local_unit_data.at("prometheus_scrape_unit_address"),
            "10.1.0.8");
}

TEST_F(MemoryTest, AStateThatCannotBeReadIsNoFault) {
  const OutsideState settled = unit.state();
  for (const char* text : {"", "{}", "no JSON", R"({"relations": 7, "address": "10.1.0.7"})"}) {
    unit.juju.state["memory"] = text;
    EXPECT_TRUE(unit.dispatch()) << unit.last_error;
    EXPECT_EQ(unit.state(), settled) << text;
  }
}

TEST_F(MemoryTest, AStateThatCannotBeReadIsLogged) {
  const auto warnings = [&] {
    return std::ranges::count_if(unit.juju.log, [](const auto& record) {
      return record.first == "WARNING" && record.second.find("not readable") != std::string::npos;
    });
  };
  EXPECT_EQ(warnings(), 0);
  unit.juju.state["memory"] = "no JSON";
  EXPECT_TRUE(unit.dispatch());
  EXPECT_EQ(warnings(), 1);
  EXPECT_TRUE(unit.dispatch());
  EXPECT_EQ(warnings(), 1) << "it was replaced";
}

TEST_F(MemoryTest, WhatIsTooMuchForJujusStateIsReadInEveryHook) {
  Layer of_an_operator;
  for (int number = 100; number < 170; ++number) {
    of_an_operator.services[std::string(1000, 'x') + std::to_string(number)] = {.command =
                                                                                    "sleep 1"};
  }
  unit.add_layer("others", of_an_operator);
  settle();
  EXPECT_EQ(unit.juju.state.at("memory"), "");
  const OutsideState settled = unit.state();
  damage();
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.state(), settled);
}

TEST_F(MemoryTest, ALogTargetOfARememberedPlanIsSilencedWhereItIs) {
  const std::string url = "http://loki-k8s-0:3100/loki/api/v1/push";
  unit.juju.relations[logging].remote_units["loki-k8s/0"] = {
      {"endpoint", R"({"url": ")" + url + R"("})"}};
  settle();
  unit.juju.relations.erase(logging);
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  const auto targets = unit.pebble.plan().at("log-targets");
  ASSERT_EQ(targets.size(), 1U);
  EXPECT_EQ(targets.front().at("location"), url);
  EXPECT_EQ(targets.front().at("services"), nlohmann::json::array({"-all"}));
}

TEST_F(MemoryTest, NothingOfASecretIsRemembered) {
  unit.add_layer(
      "backup",
      {.services = {{"backup", {.command = "sleep 1", .environment = {{"P", "canary"}}}}}});
  unit.juju.secrets["9m4e2mr0ui3e8a215n4g"].revisions.push_back(
      {{"username", "u"}, {"password", "canary"}});
  settle();
  EXPECT_EQ(unit.juju.state.at("memory").find("canary"), std::string::npos);
  EXPECT_EQ(unit.juju.state.at("memory").find("secret:"), std::string::npos);
}

}  // namespace
}  // namespace charm
