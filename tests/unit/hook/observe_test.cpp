// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/hook/hook.hpp"
#include "tests/unit/hook/dispatched_unit.hpp"

#include <gtest/gtest.h>

namespace charm {
namespace {

const juju::CommandResult permission_denied{
    .exit_code = 1, .out = {}, .err = "ERROR permission denied\n"};

TEST(Observe, ReadsOptionsLeadershipPortsAndWhoWeAre) {
  DispatchedUnit unit;
  unit.juju.config = {{"log-level", std::string("debug")}, {"query-limit", std::int64_t{7}}};
  unit.juju.ports = {11371};
  const Snapshot snapshot = unit.observe_now();
  EXPECT_EQ(snapshot.config, unit.juju.config);
  EXPECT_EQ(snapshot.open_ports, std::set<int>{11371});
  EXPECT_EQ(snapshot.unit.name, "hockeypuck-k8s/0");
  EXPECT_EQ(snapshot.unit.app, "hockeypuck-k8s");
  EXPECT_EQ(snapshot.unit.model, "keys");
  EXPECT_EQ(snapshot.unit.fqdn, "hockeypuck-k8s-0.hockeypuck-k8s-endpoints.keys.svc.cluster.local");
  EXPECT_TRUE(snapshot.unit.leader);
  EXPECT_EQ(snapshot.goal, Goal::run);
}

TEST(Observe, AUnitNumberOfSeveralDigitsIsRead) {
  DispatchedUnit unit;
  unit.juju.unit = "keys-of-all/12";
  const Snapshot snapshot = unit.observe_now();
  EXPECT_EQ(snapshot.unit.number, 12);
  EXPECT_EQ(snapshot.unit.app, "keys-of-all");
}

TEST(Observe, ReadsTheBagsOfTheDatabaseRelation) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.juju.relations[3].local_app_data = {{"database", "hockeypuck-k8s"}};
  const Snapshot snapshot = unit.observe_now();
  const auto relations = snapshot.on("database");
  ASSERT_EQ(relations.size(), 1U);
  EXPECT_EQ(relations[0]->id, 3);
  EXPECT_EQ(relations[0]->remote_app, "postgresql-k8s");
  EXPECT_EQ(relations[0]->remote_app_data, unit.database_answer());
  EXPECT_EQ(relations[0]->local_app_data, (Databag{{"database", "hockeypuck-k8s"}}));
}

TEST(Observe, AValueOfMoreThanAMegabyteIsLeftOut) {
  DispatchedUnit unit;
  unit.relate_database();
  const Databag answer = unit.database_answer();
  unit.database_answer()["junk"] = std::string((1UL << 20U) + 1, 'x');
  EXPECT_EQ(unit.observe_now().on("database").at(0)->remote_app_data, answer);
}

TEST(Observe, AFollowerHasNoViewOfItsApplicationsBag) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.juju.leader = false;
  EXPECT_EQ(unit.observe_now().on("database").at(0)->local_app_data, std::nullopt);
}

TEST(Observe, ARemoteApplicationWithoutUnitsIsStillAsked) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.juju.relations[3].remote_units.clear();
  EXPECT_EQ(unit.observe_now().on("database").at(0)->remote_app, "postgresql-k8s");
}

TEST(Observe, TheRelationBeingBrokenIsLeftOutEvenWhereJujuStillListsIt) {
  DispatchedUnit unit;
  unit.relate_database();
  const Snapshot snapshot =
      unit.observe_now({{"JUJU_DISPATCH_PATH", "hooks/database-relation-broken"},
                        {"JUJU_RELATION_ID", "database:3"}});
  EXPECT_TRUE(snapshot.on("database").empty());
}

TEST(Observe, ReadsTheNewestRevisionOfASecret) {
  DispatchedUnit unit;
  unit.relate_database();
  const std::string uri = "secret:9m4e2mr0ui3e8a215n4g";
  unit.database_answer()["secret-user"] = uri;
  unit.juju.secrets["9m4e2mr0ui3e8a215n4g"].revisions = {{{"password", "old"}}};
  EXPECT_EQ(unit.observe_now().secrets.at(uri).at("password"), "old");
  unit.juju.secrets["9m4e2mr0ui3e8a215n4g"].revisions.push_back({{"password", "new"}});
  EXPECT_EQ(unit.observe_now().secrets.at(uri).at("password"), "new");
}

TEST(Observe, ASecretThatIsNotGrantedYetIsAbsentAndNoFault) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.database_answer()["secret-user"] = "secret:9m4e2mr0ui3e8a215n4g";
  unit.juju.secrets["9m4e2mr0ui3e8a215n4g"] = {.revisions = {{{"password", "x"}}},
                                               .granted = false};
  EXPECT_TRUE(unit.observe_now().secrets.empty());
}

TEST(Observe, ARemoteSideThatNamesSecretsWithoutEndCostsOnlyAFewReads) {
  DispatchedUnit unit;
  unit.relate_database();
  for (int i = 10; i < 60; ++i) {
    const std::string id = "9m4e2mr0ui3e8a2150" + std::to_string(i);
    unit.database_answer()["secret-" + std::to_string(i)] = "secret:" + id;
    unit.juju.secrets[id].revisions = {{{"key", "value"}}};
  }
  EXPECT_EQ(unit.observe_now().secrets.size(), 8U);
}

TEST(Observe, ARemoteSideThatNamesNoSecretIsNoFault) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.database_answer()["secret-user"] = "secret:no such thing";
  EXPECT_TRUE(unit.observe_now().secrets.empty());
}

TEST(Observe, ReadsTheSecretThatAnOperatorBringsOnTheLeaderOnly) {
  DispatchedUnit unit;
  const std::string uri = "secret:9m4e2mr0ui3e8a215n4g";
  unit.juju.config["admin-key-secret"] = uri;
  unit.juju.secrets["9m4e2mr0ui3e8a215n4g"].revisions = {{{"private-key", "old"}},
                                                         {{"private-key", "new"}}};
  unit.juju.secrets["9m4e2mr0ui3e8a215n4g"].tracked = 1;
  EXPECT_EQ(unit.observe_now().secrets,
            (std::map<std::string, Databag>{{uri, {{"private-key", "new"}}}}));
  unit.juju.leader = false;
  EXPECT_TRUE(unit.observe_now().secrets.empty());
}

TEST(Observe, ARelationThatVanishesMeanwhileReadsAsEmpty) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.juju.failing["relation-get"] = permission_denied;
  const Snapshot snapshot = unit.observe_now();
  ASSERT_EQ(snapshot.on("database").size(), 1U);
  EXPECT_TRUE(snapshot.on("database")[0]->remote_app_data.empty());
}

TEST(Observe, AUnitAgentThatDoesNotAnswerEndsTheDispatch) {
  DispatchedUnit unit;
  unit.juju.failing["config-get"] = {
      .exit_code = 1, .out = {}, .err = "ERROR connection is shut down\n"};
  EXPECT_THROW(static_cast<void>(unit.observe_now()), juju::HookToolError);
}

TEST(Observe, APebbleThatDoesNotAnswerLeavesNoWorkloadAndIsNoFault) {
  DispatchedUnit unit;
  unit.pebble.down = true;
  const Snapshot snapshot = unit.observe_now();
  EXPECT_EQ(snapshot.workload, std::nullopt);
  EXPECT_NE(snapshot.workload_error, "");
}

TEST(Observe, ReadsWhatPebbleSaysOfARunningWorkload) {
  DispatchedUnit unit;
  unit.relate_database();
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  const auto workload = unit.observe_now().workload;
  ASSERT_TRUE(workload);
  EXPECT_EQ(workload->services, (std::map<std::string, std::string>{{"hockeypuck", "active"}}));
  EXPECT_EQ(workload->files.at(std::string(hockeypuck::config_path)), unit.configuration());
  EXPECT_TRUE(workload->plan.entries.at("services").contains("hockeypuck"));
}

TEST(Observe, TheKeyserverIsAskedOncePebbleKnowsIt) {
  DispatchedUnit unit;
  EXPECT_EQ(unit.observe_now().keyserver, KeyserverHealth::unreachable);
  unit.relate_database();
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.observe_now().keyserver, KeyserverHealth::serving);
  unit.servers.clear();
  EXPECT_EQ(unit.observe_now().keyserver, KeyserverHealth::database_failing);
}

TEST(Observe, TheAddressIsReadForTheRelationsThatPublishIt) {
  DispatchedUnit unit;
  EXPECT_EQ(unit.observe_now().unit.address, "");
  unit.juju.relations[5] = {.endpoint = "metrics-endpoint", .remote_app = "prometheus-k8s"};
  EXPECT_EQ(unit.observe_now().unit.address, "10.1.0.7");
}

TEST(Observe, ProxiesOfTheModelAreKept) {
  DispatchedUnit unit;
  EXPECT_EQ(unit.observe_now(
                    {{"JUJU_CHARM_HTTP_PROXY", "http://proxy:3128"}, {"JUJU_CHARM_FTP_PROXY", ""}})
                .proxies,
            (Databag{{"JUJU_CHARM_HTTP_PROXY", "http://proxy:3128"}}));
}

}  // namespace
}  // namespace charm
