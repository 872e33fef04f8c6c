// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/admin_key/brought_key_test.hpp"

namespace charm {
namespace {

class RefusedBroughtKey : public BroughtKey {};

TEST_F(RefusedBroughtKey, ThatIsNoneIsRefusedWithTheReason) {
  serve();
  bring("");
  expect_refused("the text is not an armored OpenPGP key or signature", charms());
  bring(DispatchedUnit::admin_key().public_armor());
  expect_refused("the key is public only; the secret key is needed", charms());
  bring(Databag{{"key", "value"}});
  expect_refused("the secret has no private-key", charms());
  unit.juju.config["admin-key-secret"] = std::string("9m4e2mr0ui3e8a215n4g");
  expect_refused("not the URI of a secret: 9m4e2mr0ui3e8a215n4g", charms());
}

TEST_F(RefusedBroughtKey, ThatIsSpoiltLaterLeavesTheOneInUse) {
  bring(text_of(operators_key(0)));
  serve();
  bring("nonsense");
  expect_refused("the text is not an armored OpenPGP key or signature",
                 operators_key(0).fingerprint());
  unit.keys.clear();
  hook();
  EXPECT_TRUE(unit.takes(operators_key(0)));
}

TEST_F(RefusedBroughtKey, ThatIsNotGrantedTellsTheCommand) {
  serve();
  bring(text_of(operators_key(0)));
  const std::string command =
      "not readable, run juju grant-secret 9m4e2mr0ui3e8a215n4g hockeypuck-k8s";
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

TEST_F(RefusedBroughtKey, ThatIsNotGrantedFromTheBeginningLeavesTheKeyserverWithout) {
  bring(text_of(operators_key(0)));
  unit.juju.secrets.at(id).granted = false;
  unit.relate_database();
  hook();
  EXPECT_EQ(unit.status().kind, StatusKind::blocked);
  EXPECT_EQ(unit.keys_made, 0U);
  EXPECT_EQ(unit.pebble.current("hockeypuck"), "active");
  EXPECT_EQ(unit.configuration().find("adminKeys"), std::string::npos);
}

TEST_F(RefusedBroughtKey, WaitsBesideTheOneInUseUntilTheKeyserverTakesIt) {
  serve();
  bring(text_of(operators_key(0)));
  unit.refuses_uploads = true;
  hook();
  EXPECT_EQ(unit.status(), (Status{StatusKind::waiting,
                                   "waiting for hockeypuck to store the admin key, see juju "
                                   "debug-log: " +
                                       operators_key(0).fingerprint().substr(24)}));
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

TEST_F(RefusedBroughtKey, DoesNotKeepTheOneInUseFromBeingUploadedAgain) {
  serve();
  bring(text_of(operators_key(0)));
  unit.refuses_requests = true;
  unit.keys.clear();
  hook();
  EXPECT_EQ(
      unit.status(),
      (Status{StatusKind::waiting,
              "the new admin key is not accepted yet; if this lasts, run rotate-admin-key: HTTP "
              "status 422"}));
  EXPECT_EQ(in_use(), charms());
  EXPECT_TRUE(unit.takes(DispatchedUnit::admin_key()));
}

TEST_F(RefusedBroughtKey, ThatTheKeyserverHasAsRevokedIsRefused) {
  serve();
  unit.keys[operators_key(0).fingerprint()] = {.armor = "revoked", .revoked = true};
  bring(text_of(operators_key(0)));
  hook();
  EXPECT_EQ(unit.status(),
            (Status{StatusKind::blocked,
                    "option admin-key-secret: the key is revoked, put a different key into it: " +
                        operators_key(0).fingerprint().substr(24)}));
  EXPECT_EQ(in_use(), charms());
  EXPECT_TRUE(unit.takes(DispatchedUnit::admin_key()));
}

}  // namespace
}  // namespace charm
