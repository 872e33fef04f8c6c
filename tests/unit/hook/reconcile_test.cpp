// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/hook/reconcile.hpp"

#include "charm/hockeypuck/hockeypuck.hpp"

#include <gtest/gtest.h>

namespace charm {
namespace {

Snapshot fresh_unit() {
  Snapshot snapshot;
  snapshot.unit = {.name = "hockeypuck-k8s/0",
                   .app = "hockeypuck-k8s",
                   .number = 0,
                   .model = "keys",
                   .model_uuid = "5b1c2a9e-3d4f-4a6b-8c7d-9e0f1a2b3c4d",
                   .address = "10.1.0.5",
                   .fqdn = "hockeypuck-k8s-0.hockeypuck-k8s-endpoints.keys.svc.cluster.local",
                   .leader = true};
  snapshot.workload = Workload{};
  return snapshot;
}

Relation answered_database() {
  return {.id = 3,
          .endpoint = "database",
          .remote_app = "postgresql-k8s",
          .remote_app_data = {{"endpoints", "pg-primary:5432,pg-other:5433"},
                              {"database", "hockeypuck-k8s"},
                              {"username", "relation_id_7"},
                              {"password", "open sesame"},
                              {"tls", "False"}},
          .local_app_data = Databag{}};
}

Snapshot related_unit() {
  Snapshot snapshot = fresh_unit();
  snapshot.relations.push_back(answered_database());
  return snapshot;
}

Status status(const Plan& plan) {
  return aggregate(plan.statuses);
}

TEST(Reconcile, WithoutADatabaseNothingRunsAndTheStatusSaysWhatToType) {
  const Plan plan = reconcile(fresh_unit());
  EXPECT_EQ(plan.workload_goal, WorkloadGoal::stop);
  EXPECT_EQ(status(plan),
            (Status{StatusKind::blocked,
                    "no database: run juju integrate hockeypuck-k8s postgresql-k8s"}));
}

TEST(Reconcile, PlansOneWorkloadForEachEndpointInTheProvidersOrder) {
  const Plan plan = reconcile(related_unit());
  ASSERT_EQ(plan.workload_goal, WorkloadGoal::run);
  ASSERT_EQ(plan.workloads.size(), 2U);
  EXPECT_EQ(plan.workloads[0].database.host, "pg-primary");
  EXPECT_EQ(plan.workloads[1].database.host, "pg-other");
  EXPECT_EQ(plan.workloads[1].database.port, 5433);
  EXPECT_EQ(status(plan), Status{});
}

TEST(Reconcile, NamesThePartnersOfTheKeyserver) {
  Snapshot snapshot = related_unit();
  snapshot.config["external-peers"] = std::string("peer.example.org");
  const Plan plan = reconcile(snapshot);
  ASSERT_TRUE(plan.recon);
  ASSERT_EQ(plan.recon->partners.size(), 1U);
  EXPECT_EQ(plan.recon->partners.front().http_address, "peer.example.org:11371");
}

TEST(Reconcile, GivesEachUnitItsTurn) {
  Snapshot snapshot = related_unit();
  snapshot.unit.name = "hockeypuck-k8s/1";
  snapshot.relations.push_back(
      {.id = 0,
       .endpoint = "hockeypuck-peers",
       .remote_app = "hockeypuck-k8s",
       .remote_units = {{"hockeypuck-k8s/0", {}}, {"hockeypuck-k8s/2", {}}}});
  const Turn turn = reconcile(snapshot).turn;
  EXPECT_EQ(turn.unit, 1U);
  EXPECT_EQ(turn.units, 3U);
}

TEST(Reconcile, OpensThePortsOfTheKeyserver) {
  EXPECT_EQ(reconcile(related_unit()).ports, (std::set<int>{11370, 11371, 9626}));
}

TEST(Reconcile, AWrongOptionBlocksAndLeavesTheKeyserverAsItIs) {
  Snapshot snapshot = related_unit();
  snapshot.config["admin-keys"] = std::string("0xNOTHEX");
  const Plan plan = reconcile(snapshot);
  EXPECT_EQ(plan.workload_goal, WorkloadGoal::leave);
  EXPECT_EQ(status(plan).kind, StatusKind::blocked);
  EXPECT_NE(status(plan).message.find("admin-keys"), std::string::npos);
}

TEST(Reconcile, AWrongOptionDoesNotKeepAKeyserverRunningWithoutItsDatabase) {
  Snapshot snapshot = fresh_unit();
  snapshot.config["admin-keys"] = std::string("0xNOTHEX");
  EXPECT_EQ(reconcile(snapshot).workload_goal, WorkloadGoal::stop);
}

TEST(Reconcile, AHalfAnsweredDatabaseIsWaitingAndTouchesNothing) {
  Snapshot snapshot = related_unit();
  snapshot.relations[0].remote_app_data = {{"data", R"({"database":"hockeypuck-k8s"})"}};
  const Plan plan = reconcile(snapshot);
  EXPECT_EQ(plan.workload_goal, WorkloadGoal::leave);
  EXPECT_EQ(status(plan).kind, StatusKind::waiting);
}

TEST(Reconcile, AsksForTheDatabaseEvenWhilePebbleIsAway) {
  Snapshot snapshot = fresh_unit();
  snapshot.workload.reset();
  snapshot.relations.push_back({.id = 3, .endpoint = "database", .local_app_data = Databag{}});
  const Plan plan = reconcile(snapshot);
  ASSERT_EQ(plan.publications.size(), 1U);
  EXPECT_EQ(plan.publications[0].data.at("database"), "hockeypuck-k8s");
  EXPECT_EQ(status(plan).kind, StatusKind::waiting);
}

TEST(Reconcile, AFollowerPublishesNoApplicationData) {
  Snapshot snapshot = related_unit();
  snapshot.unit.leader = false;
  snapshot.relations[0].local_app_data.reset();
  for (const auto& publication : reconcile(snapshot).publications) {
    EXPECT_EQ(publication.scope, Scope::unit);
  }
}

TEST(Reconcile, StoppingOnlyStops) {
  Snapshot snapshot = related_unit();
  snapshot.goal = Goal::stop;
  snapshot.open_ports = {11371};
  EXPECT_EQ(reconcile(snapshot), (Plan{.ports = {11371}, .workload_goal = WorkloadGoal::stop}));
}

TEST(Reconcile, TheSameSnapshotGivesTheSamePlan) {
  EXPECT_EQ(reconcile(related_unit()), reconcile(related_unit()));
}

TEST(Reconcile, APasswordChangesTheDigestAndSoTheService) {
  Snapshot rotated = related_unit();
  rotated.relations[0].remote_app_data["password"] = "new";
  const auto digest = [](const Plan& plan) {
    return plan.workloads.at(0).layer.services.at("hockeypuck").environment;
  };
  EXPECT_NE(digest(reconcile(rotated)), digest(reconcile(related_unit())));
}

}  // namespace
}  // namespace charm
