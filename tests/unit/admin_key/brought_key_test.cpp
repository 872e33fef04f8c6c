// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/admin_key/brought_key_test.hpp"

#include "tests/support/gnupg.hpp"

namespace charm {
namespace {

TEST_F(BroughtKey, FromTheBeginningIsTheOnlyOne) {
  bring(text_of(operators_key(0)));
  serve();
  EXPECT_EQ(in_use(), operators_key(0).fingerprint());
  EXPECT_EQ(unit.keys_made, 0U);
  EXPECT_TRUE(unit.takes(operators_key(0)));
  ASSERT_TRUE(unit.act("get-admin-key"));
  EXPECT_EQ(unit.juju.action->results.at("origin"), "admin-key-secret");
  EXPECT_EQ(unit.juju.action->results.at("public-key"), operators_key(0).public_armor());
  expect_settled();
}

TEST_F(BroughtKey, TakesThePlaceOfTheCharmsWhichIsRevokedInTheNextHook) {
  serve();
  bring(text_of(operators_key(0)));
  hook();
  EXPECT_EQ(unit.status(), Status{});
  EXPECT_EQ(in_use(), operators_key(0).fingerprint());
  EXPECT_TRUE(unit.takes(DispatchedUnit::admin_key()));
  EXPECT_TRUE(unit.takes(operators_key(0)));
  hook();
  EXPECT_TRUE(unit.keys.at(charms()).revoked);
  hook();
  EXPECT_NE(unit.configuration().find("adminKeys = [\"" + operators_key(0).fingerprint() + "\"]"),
            std::string::npos);
  expect_settled();
}

/// Every unit can read the current key, whatever happens to the operator's secret.
TEST_F(BroughtKey, IsKeptInASecretOfTheApplication) {
  serve();
  bring(text_of(operators_key(0)));
  hook();
  const std::string own = told().at("admin-key-secret").substr(7);
  EXPECT_NE(own, id);
  EXPECT_EQ(unit.juju.secrets.at(own).revisions,
            (std::vector<Databag>{{{"private-key", text_of(operators_key(0))}}}));
  EXPECT_EQ(unit.juju.secrets.size(), 2U) << "the operator's and ours";
  unit.juju.leader = false;
  unit.juju.secrets.at(id).granted = false;
  unit.keys.clear();
  hook();
  EXPECT_TRUE(unit.takes(operators_key(0)));
  EXPECT_EQ(unit.status(), Status{});
}

TEST_F(BroughtKey, ThatIsReplacedIsDroppedAndNeverRevoked) {
  bring(text_of(operators_key(0)));
  serve();
  bring(text_of(operators_key(1)));
  ASSERT_TRUE(unit.dispatch("secret-changed"));
  EXPECT_EQ(in_use(), operators_key(1).fingerprint());
  hook();
  EXPECT_FALSE(unit.keys.at(operators_key(0).fingerprint()).revoked);
  EXPECT_FALSE(unit.takes(operators_key(0)));
  EXPECT_TRUE(unit.takes(operators_key(1)));
  expect_settled();
}

TEST_F(BroughtKey, MakesRoomForOneOfTheCharmsWhenTheOptionIsReset) {
  bring(text_of(operators_key(0)));
  serve();
  unit.juju.config.clear();
  hook();
  EXPECT_EQ(in_use(), charms());
  EXPECT_TRUE(unit.takes(operators_key(0))) << "until the charm's is known to work";
  EXPECT_TRUE(unit.takes(DispatchedUnit::admin_key()));
  EXPECT_EQ(unit.juju.secrets.size(), 2U);
  hook();
  hook();
  EXPECT_FALSE(unit.takes(operators_key(0)));
  EXPECT_FALSE(unit.keys.at(operators_key(0).fingerprint()).revoked);
  EXPECT_EQ(told().size(), 2U);
  expect_settled();
}

TEST_F(BroughtKey, BroughtBackWhileItIsToBeRevokedIsNotRevoked) {
  serve();
  bring(text_of(operators_key(0)));
  hook();
  ASSERT_TRUE(told().contains("retired-admin-key-" + charms()));
  bring(text_of(DispatchedUnit::admin_key()));
  hook();
  EXPECT_EQ(in_use(), charms());
  hook();
  EXPECT_FALSE(unit.keys.at(charms()).revoked);
  EXPECT_TRUE(unit.takes(DispatchedUnit::admin_key()));
  expect_settled();
}

TEST_F(BroughtKey, WithALongerLifeIsUploadedAgain) {
  test::Gnupg gnupg;
  const std::string fingerprint =
      gnupg.generate("Admin <a@example.com>", "ed25519", "cert,sign", "0");
  bring(gnupg.secret_key(fingerprint));
  serve();
  const std::string before = unit.keys.at(fingerprint).armor;
  gnupg.must_run({"--quick-set-expire", fingerprint, "20y"});
  bring(gnupg.secret_key(fingerprint));
  hook();
  EXPECT_NE(unit.keys.at(fingerprint).armor, before);
  EXPECT_EQ(in_use(), fingerprint);
  EXPECT_EQ(told().size(), 3U) << "nothing is retired";
  expect_settled();
}

TEST_F(BroughtKey, CostsNothingWithoutTheOption) {
  serve();
  unit.juju.calls.clear();
  hook();
  EXPECT_FALSE(unit.juju.calls.contains("secret-get"));
  bring(text_of(operators_key(0)));
  unit.juju.leader = false;
  unit.juju.calls.clear();
  hook();
  EXPECT_FALSE(unit.juju.calls.contains("secret-get")) << "it is for the leader to read";
}

TEST_F(BroughtKey, KilledAtAnyMomentLeavesAKeyThatWorks) {
  int touch = 0;
  for (bool killed = true; killed; ++touch) {
    DispatchedUnit other;
    other.relate_database();
    ASSERT_TRUE(other.dispatch()) << other.last_error;
    other.juju.config["admin-key-secret"] = std::string("secret:") + id;
    other.juju.secrets[id].revisions = {{{"private-key", text_of(operators_key(0))}}};
    killed = other.dispatch_killed_at(touch);
    const std::string committed =
        other.state().app_bags.at(peer_relation).at("admin-key-fingerprint");
    EXPECT_EQ(committed, killed ? charms() : operators_key(0).fingerprint());
    EXPECT_FALSE(other.keys.at(charms()).revoked) << "killed at " << touch;
    ASSERT_TRUE(other.dispatch()) << other.last_error;
    EXPECT_TRUE(other.takes(operators_key(0))) << "killed at " << touch;
    ASSERT_TRUE(other.dispatch()) << other.last_error;
    EXPECT_TRUE(other.keys.at(charms()).revoked) << "killed at " << touch;
    EXPECT_EQ(other.juju.secrets.size(), 2U) << "killed at " << touch;
    EXPECT_EQ(other.status(), Status{});
  }
  EXPECT_GT(touch, 20);
}

TEST_F(BroughtKey, NeverReachesALogAnArgumentADatabagOrTheWorkload) {
  serve();
  bring(text_of(operators_key(0)));
  hook();
  bring("damaged\n" + text_of(operators_key(1)));
  hook();
  for (const openpgp::AdminKey& key : {operators_key(0), operators_key(1)}) {
    const std::string armor = text_of(key);
    const std::string line = armor.substr(armor.find("\n\n") + 2, 40);
    EXPECT_EQ(unit.log_text().find(line), std::string::npos);
    EXPECT_EQ(unit.status().message.find(line), std::string::npos);
    for (const std::string& argument : unit.arguments) {
      EXPECT_EQ(argument.find(line), std::string::npos);
    }
    for (const auto& [path, content] : unit.state().files) {
      EXPECT_EQ(content.find(line), std::string::npos) << path;
    }
    for (const auto& [name, value] : told()) {
      EXPECT_EQ(value.find(line), std::string::npos) << name;
    }
  }
}

}  // namespace
}  // namespace charm
