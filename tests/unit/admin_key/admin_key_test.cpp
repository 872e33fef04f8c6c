// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/admin_key/admin_key.hpp"

#include "tests/unit/hook/dispatched_unit.hpp"

#include <gtest/gtest.h>

namespace charm {
namespace {

const std::string& fingerprint() {
  static const std::string text = DispatchedUnit::admin_key().fingerprint();
  return text;
}

TEST(AdminKey, IsMadeByTheLeaderOnceAndToldToTheOtherUnits) {
  DispatchedUnit unit;
  ASSERT_TRUE(unit.dispatch("hockeypuck-peers-relation-created")) << unit.last_error;
  ASSERT_EQ(unit.juju.secrets.size(), 1U);
  const auto& [id, secret] = *unit.juju.secrets.begin();
  EXPECT_EQ(unit.state().app_bags.at(peer_relation),
            (Databag{{"admin-key-fingerprint", fingerprint()},
                     {"admin-key-secret", "secret:" + id},
                     {"published-by", "hockeypuck-k8s/0"}}));
  ASSERT_TRUE(unit.dispatch());
  EXPECT_EQ(unit.juju.secrets.size(), 1U);
}

TEST(AdminKey, IsNotMadeByAHookThatFails) {
  DispatchedUnit unit;
  unit.juju.failing["open-port"] = {.exit_code = 1, .out = {}, .err = "ERROR no\n"};
  ASSERT_FALSE(unit.dispatch());
  EXPECT_TRUE(unit.juju.secrets.empty());
  EXPECT_EQ(unit.state().app_bags.at(peer_relation), Databag{});
}

TEST(AdminKey, ThatJujuDoesNotStoreIsOfferedOnceAndTheHookSaysWhy) {
  DispatchedUnit unit;
  unit.juju.failing["secret-add"] = {.exit_code = 1, .out = {}, .err = "ERROR permission denied\n"};
  EXPECT_FALSE(unit.dispatch());
  EXPECT_EQ(unit.juju.calls["secret-add"], 1);
  EXPECT_NE(unit.last_error.find("secret-add: permission denied"), std::string::npos)
      << unit.last_error;
}

TEST(AdminKey, OfAUnitThatNoLongerLeadsIsOfferedOnceAndIsNoFault) {
  DispatchedUnit unit;
  unit.relate_database();
  unit.juju.failing["secret-add"] = {
      .exit_code = 1, .out = {}, .err = "ERROR this unit is not the leader\n"};
  EXPECT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.juju.calls["secret-add"], 1);
  EXPECT_FALSE(unit.state().app_bags.at(peer_relation).contains("admin-key-fingerprint"));
  EXPECT_EQ(unit.status(), Status{});
  unit.juju.failing.clear();
  EXPECT_TRUE(unit.dispatch("leader-elected")) << unit.last_error;
  EXPECT_EQ(unit.juju.secrets.size(), 1U);
}

TEST(AdminKey, IsLeftToTheLeader) {
  DispatchedUnit unit;
  unit.juju.leader = false;
  ASSERT_TRUE(unit.dispatch());
  EXPECT_TRUE(unit.juju.secrets.empty());
}

TEST(AdminKey, AdministratesTheKeyserverAndIsUploadedToIt) {
  DispatchedUnit unit;
  unit.relate_database();
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_NE(unit.configuration().find("adminKeys = [\"" + fingerprint() + "\"]"), std::string::npos)
      << unit.configuration();
  EXPECT_EQ(unit.keys.at(fingerprint()).armor, DispatchedUnit::admin_key().public_armor());
  EXPECT_EQ(unit.prepared, std::set<std::string>{"pg-0"});
}

TEST(AdminKey, IsUploadedAgainWhereTheDatabaseLostIt) {
  DispatchedUnit unit;
  unit.relate_database();
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  unit.keys.clear();
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.keys.at(fingerprint()).armor, DispatchedUnit::admin_key().public_armor());
  EXPECT_EQ(unit.status(), (Status{StatusKind::active, ""}));
}

/// A rebuild of the prefix tree stops and starts the keyserver in the middle of a hook.
TEST(AdminKey, IsLookedForAgainAfterTheKeyserverWasRestarted) {
  const step::FindKey question{fingerprint()};
  Plan plan;
  plan.admin_keys.current = {.secret = {}, .fingerprint = fingerprint(), .brought_certificate = {}};
  Snapshot snapshot;
  snapshot.history.add({{Concern::admin_key, question, {}}, keyserver::StoredKey::unknown});
  EXPECT_EQ(admin_key::settle(plan, snapshot).step, std::nullopt);
  snapshot.history.add({{Concern::keyserver, step::StartService{hockeypuck_service}, {}}, {}});
  const Decision after = admin_key::settle(plan, snapshot);
  ASSERT_TRUE(after.step);
  EXPECT_EQ(after.step->what, Step::What(question));
  EXPECT_TRUE(after.statuses.empty());
}

TEST(AdminKey, IsNotReadFromASecretThatHoldsADifferentKeyOrNone) {
  const openpgp::Secret other = DispatchedUnit::admin_key(1).secret_armor();
  for (const Databag& content :
       {Databag{{"private-key", std::string(other.reveal())}}, Databag{{"public-key", "a"}}}) {
    DispatchedUnit unit;
    unit.relate_database();
    ASSERT_TRUE(unit.dispatch()) << unit.last_error;
    unit.juju.secrets.begin()->second.revisions.back() = content;
    unit.keys.clear();
    ASSERT_TRUE(unit.dispatch()) << unit.last_error;
    EXPECT_TRUE(unit.keys.empty());
    EXPECT_EQ(unit.status().kind, StatusKind::waiting);
    EXPECT_TRUE(unit.status().message.starts_with("cannot read the admin key"))
        << unit.status().message;
  }
}

TEST(AdminKey, AFollowerUsesTheLeadersKey) {
  DispatchedUnit unit;
  unit.relate_database();
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  unit.juju.leader = false;
  unit.keys.clear();
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_NE(unit.configuration().find(fingerprint()), std::string::npos);
  EXPECT_EQ(unit.keys.at(fingerprint()).armor, DispatchedUnit::admin_key().public_armor());
}

TEST(AdminKey, NeverReachesALogAnArgumentOrTheWorkload) {
  DispatchedUnit unit;
  unit.relate_database();
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  const std::string armor(DispatchedUnit::admin_key().secret_armor().reveal());
  const std::string line = armor.substr(armor.find("\n\n") + 2, 40);
  EXPECT_EQ(unit.log_text().find(line), std::string::npos);
  for (const std::string& argument : unit.arguments) {
    EXPECT_EQ(argument.find(line), std::string::npos);
  }
  for (const auto& [path, content] : unit.state().files) {
    EXPECT_EQ(content.find(line), std::string::npos) << path;
  }
  EXPECT_EQ(unit.state().plan.find(line), std::string::npos);
}

}  // namespace
}  // namespace charm
