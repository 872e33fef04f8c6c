// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/hook/dispatched_unit.hpp"

#include <gtest/gtest.h>

namespace charm {
namespace {

constexpr const char* rotate = "rotate-admin-key";

std::string fingerprint(std::size_t number) {
  return DispatchedUnit::admin_key(number).fingerprint();
}

/// A unit that serves with its first key.
class AdminKeyRotation : public ::testing::Test {
 protected:
  void SetUp() override { serve(unit); }

  static void serve(DispatchedUnit& unit) {
    unit.relate_database();
    ASSERT_TRUE(unit.dispatch()) << unit.last_error;
    ASSERT_EQ(unit.status(), Status{});
  }

  /// The published admin keys, without the publisher's name.
  static Databag told(const DispatchedUnit& unit) {
    Databag bag = unit.state().app_bags.at(peer_relation);
    bag.erase("published-by");
    return bag;
  }

  /// The fingerprint of the current key that Juju has committed. It has one secret.
  static std::string in_use(const DispatchedUnit& unit) {
    const Databag bag = told(unit);
    EXPECT_EQ(unit.juju.secrets.size(), 1U);
    EXPECT_TRUE(unit.juju.secrets.contains(bag.at("admin-key-secret").substr(7)));
    return bag.at("admin-key-fingerprint");
  }

  [[nodiscard]] bool takes(std::size_t number) const {
    return unit.takes(DispatchedUnit::admin_key(number));
  }

  [[nodiscard]] std::string failure() {
    EXPECT_FALSE(unit.act(rotate));
    return unit.juju.action->failure.value_or("");
  }

  DispatchedUnit unit;
};

TEST_F(AdminKeyRotation, PutsANewKeyInUseAndRevokesTheOldOneInTheNextHook) {
  const int starts = unit.pebble.starts("hockeypuck");
  ASSERT_TRUE(unit.act(rotate)) << *unit.juju.action->failure;
  EXPECT_EQ(unit.juju.action->results.at("fingerprint"), fingerprint(1));
  EXPECT_EQ(unit.juju.action->results.at("retired"), fingerprint(0));
  EXPECT_EQ(in_use(unit), fingerprint(1));
  EXPECT_TRUE(takes(0));
  EXPECT_TRUE(takes(1));
  EXPECT_FALSE(unit.keys.at(fingerprint(0)).revoked);

  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_TRUE(unit.keys.at(fingerprint(0)).revoked);
  EXPECT_FALSE(takes(0));
  EXPECT_TRUE(takes(1));
  EXPECT_EQ(told(unit).size(), 2U);
  EXPECT_EQ(unit.pebble.starts("hockeypuck"), starts + 1);

  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_NE(unit.configuration().find("adminKeys = [\"" + fingerprint(1) + "\"]"),
            std::string::npos);
  EXPECT_EQ(unit.status(), Status{});
  EXPECT_EQ(unit.pebble.starts("hockeypuck"), starts + 2);
}

TEST_F(AdminKeyRotation, TellsTheOtherUnitsTheOldKeyAndHowToRevokeIt) {
  ASSERT_TRUE(unit.act(rotate));
  const Databag bag = told(unit);
  EXPECT_EQ(bag.size(), 3U);
  EXPECT_TRUE(bag.at("retired-admin-key-" + fingerprint(0))
                  .starts_with("-----BEGIN PGP PUBLIC KEY BLOCK-----"));
  unit.juju.leader = false;
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_TRUE(takes(0)) << "a follower revokes nothing";
  EXPECT_TRUE(takes(1));
}

TEST_F(AdminKeyRotation, IsShownByGetAdminKeyAsLongAsItLasts) {
  ASSERT_TRUE(unit.act(rotate));
  ASSERT_TRUE(unit.act("get-admin-key")) << *unit.juju.action->failure;
  EXPECT_EQ(unit.juju.action->results.at("fingerprint"), fingerprint(1));
  EXPECT_EQ(unit.juju.action->results.at("origin"), "charm");
  EXPECT_EQ(unit.juju.action->results.at("retired"), fingerprint(0));
  ASSERT_TRUE(unit.dispatch());
  ASSERT_TRUE(unit.act("get-admin-key"));
  EXPECT_FALSE(unit.juju.action->results.contains("retired"));
}

TEST_F(AdminKeyRotation, FailsOnAFollowerWithAnOperatorsKeyAndWhileItLasts) {
  unit.juju.leader = false;
  EXPECT_EQ(failure(), "the leader changes the admin key: run it on hockeypuck-k8s/leader");
  unit.juju.leader = true;
  unit.juju.config["admin-key-secret"] = std::string("secret:9m4e2mr0ui3e8a215n4g");
  EXPECT_NE(failure().find("the option admin-key-secret is set"), std::string::npos);
  unit.juju.config.clear();
  EXPECT_EQ(in_use(unit), fingerprint(0));
  ASSERT_TRUE(unit.act(rotate));
  EXPECT_EQ(failure(), "a change is under way: the leader's next hook revokes the admin key " +
                           fingerprint(0));
  EXPECT_EQ(in_use(unit), fingerprint(1));
}

TEST_F(AdminKeyRotation, FailsWithoutADatabaseOrAKey) {
  unit.remove_database();
  ASSERT_TRUE(unit.dispatch_relation(DispatchedUnit::database_relation, "broken"));
  EXPECT_NE(failure().find("the keyserver cannot receive a new admin key: "), std::string::npos);
  DispatchedUnit fresh;
  EXPECT_FALSE(fresh.act(rotate));
  EXPECT_EQ(*fresh.juju.action->failure,
            "there is no admin key yet: the leader's next hook makes it");
}

TEST_F(AdminKeyRotation, ThatTheKeyserverDoesNotTakeChangesNothing) {
  const OutsideState before = unit.state();
  unit.refuses_uploads = true;
  EXPECT_EQ(failure(), "the admin key stays " + fingerprint(0) +
                           ": waiting for hockeypuck to store the admin key, see juju debug-log: " +
                           fingerprint(1).substr(24));
  EXPECT_TRUE(takes(0));
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.state().files, before.files);
  EXPECT_EQ(unit.state().app_bags, before.app_bags);
  EXPECT_EQ(unit.status(), Status{});
  EXPECT_EQ(in_use(unit), fingerprint(0));
}

TEST_F(AdminKeyRotation, ToAKeyWhoseRequestsAreRefusedChangesNothing) {
  unit.refuses_requests = true;
  EXPECT_EQ(failure(),
            "the admin key stays " + fingerprint(0) +
                ": the new admin key is not accepted yet; if this lasts, run rotate-admin-key: "
                "HTTP status 422");
  EXPECT_EQ(in_use(unit), fingerprint(0));
}

TEST_F(AdminKeyRotation, WhileTheDatabaseIsDownLeavesTheKeyserverAlone) {
  const OutsideState before = unit.state();
  unit.servers.clear();
  EXPECT_NE(failure().find("waiting for PostgreSQL"), std::string::npos);
  EXPECT_EQ(unit.state().files, before.files);
  unit.servers["pg-0"] = {.outcome = postgres::Outcome::ready};
  ASSERT_TRUE(unit.dispatch());
  EXPECT_EQ(in_use(unit), fingerprint(0));
  EXPECT_TRUE(takes(0));
}

TEST_F(AdminKeyRotation, RevokesNothingBeforeTheNewKeyWorks) {
  ASSERT_TRUE(unit.act(rotate));
  unit.keys.erase(fingerprint(1));
  unit.refuses_uploads = true;
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_TRUE(takes(0));
  EXPECT_EQ(unit.status().kind, StatusKind::waiting);
  EXPECT_NE(unit.status().message.find(fingerprint(1).substr(24)), std::string::npos);
  unit.refuses_uploads = false;
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_TRUE(unit.keys.at(fingerprint(0)).revoked);
  EXPECT_EQ(unit.status(), Status{});
}

TEST_F(AdminKeyRotation, WaitsForTheRevocationToBeTaken) {
  ASSERT_TRUE(unit.act(rotate));
  unit.refuses_uploads = true;
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status(),
            (Status{StatusKind::waiting,
                    "waiting for hockeypuck to revoke the old admin key, see juju debug-log: " +
                        fingerprint(0).substr(24)}));
  EXPECT_TRUE(told(unit).contains("retired-admin-key-" + fingerprint(0)));
  unit.refuses_uploads = false;
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_TRUE(unit.keys.at(fingerprint(0)).revoked);
  EXPECT_EQ(told(unit).size(), 2U);
}

TEST_F(AdminKeyRotation, RevokesAnOldKeyThatTheDatabaseLost) {
  ASSERT_TRUE(unit.act(rotate));
  unit.keys.erase(fingerprint(0));
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  ASSERT_TRUE(unit.keys.contains(fingerprint(0)));
  EXPECT_TRUE(unit.keys.at(fingerprint(0)).revoked);
}

TEST_F(AdminKeyRotation, RepairsAKeyThatTheKeyserverHasAsRevoked) {
  unit.keys.at(fingerprint(0)).revoked = true;
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.history.last_of<step::UploadKey>(), nullptr);
  EXPECT_EQ(unit.status(),
            (Status{StatusKind::blocked,
                    "the admin key is revoked, run rotate-admin-key on the leader: " +
                        fingerprint(0).substr(24)}));
  ASSERT_TRUE(unit.act(rotate)) << *unit.juju.action->failure;
  EXPECT_EQ(unit.status(), Status{});
  EXPECT_TRUE(takes(1));
  ASSERT_TRUE(unit.dispatch());
  EXPECT_EQ(told(unit).size(), 2U);
}

TEST_F(AdminKeyRotation, RepairsANewKeyThatStopsWorkingBeforeTheOldOneIsRevoked) {
  ASSERT_TRUE(unit.act(rotate));
  unit.keys.at(fingerprint(1)).revoked = true;
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_TRUE(takes(0));
  ASSERT_TRUE(unit.act(rotate)) << *unit.juju.action->failure;
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_TRUE(takes(2));
  EXPECT_TRUE(unit.keys.at(fingerprint(0)).revoked);
  EXPECT_EQ(told(unit).size(), 2U);
  EXPECT_EQ(unit.status(), Status{});
}

TEST_F(AdminKeyRotation, RepairsAKeyWhoseSecretIsLost) {
  unit.juju.secrets.clear();
  unit.keys.clear();
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status().kind, StatusKind::waiting);
  EXPECT_NE(unit.status().message.find("run rotate-admin-key"), std::string::npos);
  ASSERT_TRUE(unit.act(rotate)) << *unit.juju.action->failure;
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(in_use(unit), fingerprint(1));
  EXPECT_TRUE(takes(1));
  EXPECT_EQ(told(unit).size(), 2U);
}

TEST_F(AdminKeyRotation, IsGivenUpWhenTheUnitAgentDoesNotAnswer) {
  unit.juju.failing["secret-get"] = {
      .exit_code = 1, .out = {}, .err = "ERROR connection is shut down\n"};
  EXPECT_NE(failure().find("connection is shut down"), std::string::npos);
  unit.juju.failing.clear();
  EXPECT_EQ(in_use(unit), fingerprint(0)) << "without a revocation of the old key";
}

TEST_F(AdminKeyRotation, OffersAKeyThatJujuDoesNotStoreOnce) {
  for (const std::string words : {"permission denied", "this unit is not the leader"}) {
    unit.juju.calls.clear();
    unit.juju.failing["secret-add"] = {.exit_code = 1, .out = {}, .err = "ERROR " + words + "\n"};
    EXPECT_NE(failure(), "");
    EXPECT_EQ(unit.juju.calls["secret-add"], 1) << words;
    EXPECT_EQ(in_use(unit), fingerprint(0));
  }
  unit.juju.failing.clear();
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.status(), Status{});
  EXPECT_TRUE(takes(0));
}

TEST_F(AdminKeyRotation, KilledAtAnyMomentLeavesAKeyThatWorks) {
  int touch = 0;
  for (bool killed = true; killed; ++touch) {
    DispatchedUnit other;
    serve(other);
    killed = other.act_killed_at(touch, rotate);
    EXPECT_EQ(in_use(other), fingerprint(killed ? 0 : 1)) << "killed at " << touch;
    ASSERT_TRUE(other.dispatch()) << other.last_error;
    EXPECT_TRUE(other.takes(DispatchedUnit::admin_key(killed ? 0 : 1))) << "killed at " << touch;
    ASSERT_TRUE(other.dispatch()) << other.last_error;
    EXPECT_NE(other.configuration().find("adminKeys = [\"" + in_use(other) + "\"]"),
              std::string::npos)
        << "killed at " << touch;
    EXPECT_EQ(other.keys.at(fingerprint(0)).revoked, !killed);
    EXPECT_EQ(other.status(), Status{});
  }
  EXPECT_GT(touch, 20);
}

TEST_F(AdminKeyRotation, WhoseSecondHalfIsKilledAtAnyMomentEndsAllTheSame) {
  int touch = 0;
  for (bool killed = true; killed; ++touch) {
    DispatchedUnit other;
    serve(other);
    ASSERT_TRUE(other.act(rotate));
    killed = other.dispatch_killed_at(touch);
    EXPECT_TRUE(other.takes(DispatchedUnit::admin_key(1))) << "killed at " << touch;
    ASSERT_TRUE(other.dispatch()) << other.last_error;
    ASSERT_TRUE(other.dispatch()) << other.last_error;
    EXPECT_TRUE(other.takes(DispatchedUnit::admin_key(1))) << "killed at " << touch;
    EXPECT_TRUE(other.keys.at(fingerprint(0)).revoked) << "killed at " << touch;
    EXPECT_EQ(told(other).size(), 2U);
    EXPECT_EQ(other.status(), Status{});
  }
  EXPECT_GT(touch, 15);
}

}  // namespace
}  // namespace charm
