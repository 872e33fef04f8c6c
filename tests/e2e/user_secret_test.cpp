// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/admin_key_test.hpp"
#include "tests/support/gnupg.hpp"

namespace test {
namespace {

/// The option admin-key-secret.
class UserSecret : public AdminKeyTest {
 protected:
  /// Makes a key with gpg; returns its fingerprint.
  std::string make_key(const std::string& algorithm = "ed25519") {
    return gnupg.generate("Keymaster of " + algorithm + " <keymaster@example.com>", algorithm,
                          "cert,sign");
  }

  /// `private-key=…` for rehearse.
  std::string content(const std::string& fingerprint) {
    return "private-key=" + gnupg.secret_key(fingerprint);
  }

  std::string add_secret(const std::string& content) {
    std::string uri = model.rehearse({"add-secret", "keymaster", content});
    uri.erase(uri.find('\n'));
    return uri;
  }

  ShownStatus blocked(const std::string& reason) {
    return {"blocked", "admin-key-secret: " + reason};
  }

  Gnupg gnupg;
};

TEST_F(UserSecret, BringsTheAdminKeyOfAllUnitsAndTakesItAwayAgain) {
  deploy_two_units();
  const std::string charms = in_use();
  const std::string charms_key = kept_keys().at(0);
  const std::string first = make_key();
  const std::string uri = add_secret(content(first));
  model.config({"admin-key-secret=" + uri});
  EXPECT_EQ(model.status(), blocked("the secret cannot be read; run juju grant-secret " +
                                    uri.substr(7) + " hockeypuck-k8s"));
  EXPECT_EQ(in_use(), charms);
  EXPECT_EQ(model.act("rotate-admin-key").message.find("the option admin-key-secret is set"), 0U);

  model.rehearse({"grant-secret", "keymaster", "hockeypuck-k8s"});
  model.update_status();
  EXPECT_EQ(model.status(), active);
  EXPECT_EQ(in_use(), first);
  EXPECT_EQ(model.act("get-admin-key").result("origin"), "admin-key-secret");
  model.update_status();
  EXPECT_EQ(stored(charms), "revoked");
  model.update_status();
  for (const char* unit : {hockeypuck_unit, second_unit}) {
    EXPECT_EQ(administrators(unit), only(first)) << unit;
    EXPECT_EQ(request(gnupg.secret_key(first), unit), taken) << unit;
    EXPECT_EQ(request(charms_key, unit), refused) << unit;
  }
  expect_blocks_keys();

  model.config({"--reset", "admin-key-secret"});
  model.update_status();
  model.update_status();
  const std::string again = in_use();
  EXPECT_NE(again, first);
  EXPECT_NE(again, charms);
  EXPECT_EQ(model.act("get-admin-key").result("origin"), "charm");
  for (const char* unit : {hockeypuck_unit, second_unit}) {
    EXPECT_EQ(administrators(unit), only(again)) << unit;
  }
  EXPECT_EQ(stored(first), "present") << "an operator's key is not the charm's to revoke";
  expect_settled();
}

TEST_F(UserSecret, ThatIsUpdatedChangesTheKeyAndThatIsSpoiltDoesNot) {
  model.deploy_all();
  const std::string first = make_key();
  const std::string uri = add_secret(content(first));
  model.rehearse({"grant-secret", "keymaster", "hockeypuck-k8s"});
  model.config({"admin-key-secret=" + uri});
  EXPECT_EQ(in_use(), first);

  model.rehearse({"update-secret", "keymaster", "private-key=nonsense"});
  EXPECT_EQ(model.status(), blocked("the text is not an armored OpenPGP key or signature"));
  EXPECT_EQ(in_use(), first);
  expect_blocks_keys();

  const std::string second = make_key("rsa2048");
  model.rehearse({"update-secret", "keymaster", content(second)});
  EXPECT_EQ(model.status(), active);
  EXPECT_EQ(in_use(), second);
  model.update_status();
  EXPECT_EQ(administrators(), only(second));
  EXPECT_EQ(request(gnupg.secret_key(first)), refused);
  EXPECT_EQ(request(gnupg.secret_key(second)), taken);
  EXPECT_EQ(stored(first), "present");
  expect_blocks_keys();
  expect_settled();
}

TEST_F(UserSecret, IsUsedFromTheBeginningWhereItIsGranted) {
  const std::string brought = make_key();
  const std::string uri = add_secret(content(brought));
  model.deploy_postgresql();
  model.deploy_hockeypuck({"--config", "admin-key-secret=" + uri});
  EXPECT_TRUE(model.act("get-admin-key").failed);
  model.rehearse({"grant-secret", "keymaster", "hockeypuck-k8s"});
  model.integrate();
  model.update_status();
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(administrators(), only(brought));
  EXPECT_EQ(model.sql("SELECT 1"), "1");
  EXPECT_EQ(stored(brought), "present");
  expect_blocks_keys();
  expect_settled();
}

}  // namespace
}  // namespace test
