// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/gnupg.hpp"
#include "tests/unit/app/dispatched_unit.hpp"

#include <gtest/gtest.h>

namespace charm {
namespace {

constexpr int peer_relation = 0;
constexpr const char* id = "9m4e2mr0ui3e8a215n4g";

/// Keys of operators, apart from those that are made for the application.
const openpgp::AdminKey& operators_key(std::size_t number) {
  return DispatchedUnit::admin_key(10 + number);
}

std::string text_of(const openpgp::AdminKey& key) {
  return std::string(key.secret_armor().reveal());
}

const std::string& charms() {
  static const std::string text = DispatchedUnit::admin_key().fingerprint();
  return text;
}

class BroughtKey : public ::testing::Test {
 protected:
  /// Serves with a key that the charm made.
  void serve() {
    unit.relate_database();
    ASSERT_TRUE(unit.dispatch()) << unit.last_error;
    ASSERT_EQ(unit.status(), Status{});
  }

  /// Puts a text into the operator's secret, and names it by the option.
  void bring(const std::string& private_key) { bring(Databag{{"private-key", private_key}}); }

  void bring(const Databag& content) {
    unit.juju.config["admin-key-secret"] = std::string("secret:") + id;
    unit.juju.secrets[id].revisions.push_back(content);
  }

  void hook() { ASSERT_TRUE(unit.dispatch()) << unit.last_error; }

  [[nodiscard]] Databag told() const { return unit.state().app_bags.at(peer_relation); }

  [[nodiscard]] std::string in_use() const { return told().at("admin-key-fingerprint"); }

  void expect_refused(const std::string& reason, const std::string& fingerprint) {
    hook();
    EXPECT_EQ(unit.status(), (Status{StatusKind::blocked, "admin-key-secret: " + reason}));
    EXPECT_EQ(in_use(), fingerprint);
    EXPECT_NE(unit.configuration().find("adminKeys = [\"" + fingerprint + "\"]"),
              std::string::npos);
  }

  void expect_settled() {
    const OutsideState before = unit.state();
    const int starts = unit.pebble.starts("hockeypuck");
    hook();
    EXPECT_EQ(unit.state(), before);
    EXPECT_EQ(unit.pebble.starts("hockeypuck"), starts);
    EXPECT_EQ(unit.status(), Status{});
  }

  DispatchedUnit unit;
};

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

/// Whatever becomes of the operator's secret, the key in use can be read by every unit.
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

TEST_F(BroughtKey, ThatIsNoneIsRefusedWithTheReason) {
  serve();
  bring("");
  expect_refused("the text is not an armored OpenPGP key or signature", charms());
  bring(DispatchedUnit::admin_key().public_armor());
  expect_refused("the key is public only; the secret key is needed", charms());
  bring(Databag{{"key", "value"}});
  expect_refused("the secret has no private-key", charms());
  unit.juju.config["admin-key-secret"] = std::string("9m4e2mr0ui3e8a215n4g");
  expect_refused("\"9m4e2mr0ui3e8a215n4g\" is not the URI of a secret", charms());
}

TEST_F(BroughtKey, ThatIsSpoiltLaterLeavesTheOneInUse) {
  bring(text_of(operators_key(0)));
  serve();
  bring("nonsense");
  expect_refused("the text is not an armored OpenPGP key or signature",
                 operators_key(0).fingerprint());
  unit.keys.clear();
  hook();
  EXPECT_TRUE(unit.takes(operators_key(0)));
}

TEST_F(BroughtKey, ThatIsNotGrantedTellsTheCommand) {
  serve();
  bring(text_of(operators_key(0)));
  const std::string command =
      "the secret cannot be read; run juju grant-secret 9m4e2mr0ui3e8a215n4g hockeypuck-k8s";
  unit.juju.secrets.at(id).granted = false;
  expect_refused(command, charms());
  const test::FakeSecret secret = unit.juju.secrets.at(id);
  unit.juju.secrets.erase(id);
  expect_refused(command, charms());
  unit.juju.secrets[id] = secret;
  unit.juju.secrets.at(id).granted = true;
  hook();
  EXPECT_EQ(in_use(), operators_key(0).fingerprint());
}

TEST_F(BroughtKey, ThatIsNotGrantedFromTheBeginningLeavesTheKeyserverWithout) {
  bring(text_of(operators_key(0)));
  unit.juju.secrets.at(id).granted = false;
  unit.relate_database();
  hook();
  EXPECT_EQ(unit.status().kind, StatusKind::blocked);
  EXPECT_EQ(unit.keys_made, 0U);
  EXPECT_EQ(unit.pebble.current("hockeypuck"), "active");
  EXPECT_EQ(unit.configuration().find("adminKeys"), std::string::npos);
}

TEST_F(BroughtKey, WaitsBesideTheOneInUseUntilTheKeyserverTakesIt) {
  serve();
  bring(text_of(operators_key(0)));
  unit.refuses_uploads = true;
  hook();
  EXPECT_EQ(unit.status(), (Status{StatusKind::waiting,
                                   "waiting for hockeypuck to take the admin key " +
                                       operators_key(0).fingerprint() + ", see juju debug-log"}));
  EXPECT_EQ(in_use(), charms());
  EXPECT_TRUE(unit.takes(DispatchedUnit::admin_key()));
  const int starts = unit.pebble.starts("hockeypuck");
  hook();
  EXPECT_EQ(unit.pebble.starts("hockeypuck"), starts);
  EXPECT_EQ(unit.juju.secrets.size(), 2U);
  unit.refuses_uploads = false;
  hook();
  EXPECT_EQ(in_use(), operators_key(0).fingerprint());
  EXPECT_EQ(unit.pebble.starts("hockeypuck"), starts);
}

TEST_F(BroughtKey, ThatTheKeyserverHasAsRevokedIsRefused) {
  serve();
  unit.keys[operators_key(0).fingerprint()] = {.armor = "revoked", .revoked = true};
  bring(text_of(operators_key(0)));
  hook();
  EXPECT_EQ(unit.status(),
            (Status{StatusKind::blocked, "admin-key-secret: the keyserver has the admin key " +
                                             operators_key(0).fingerprint() +
                                             " as revoked; bring another one"}));
  EXPECT_EQ(in_use(), charms());
  EXPECT_TRUE(unit.takes(DispatchedUnit::admin_key()));
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
