// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/rehearsal_test.hpp"
#include "tests/support/file_text.hpp"
#include "tests/support/gnupg.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <future>
#include <sstream>
#include <string>
#include <vector>

namespace test {
namespace admin_key_test {

using Json = nlohmann::json;

constexpr const char* second_unit = "hockeypuck-k8s/1";

/// The administrators of the keyserver.
class AdminKey : public RehearsalTest {
 protected:
  /// Answers to a request to delete a key that does not exist.
  static constexpr int taken = 404;
  static constexpr int refused = 422;

  void deploy_two_units();

  /// The secret keys of the application that the model stores.
  std::vector<std::string> kept_keys();
  /// The status of such a request that gpg signs with a secret key.
  int request(const std::string& private_key, const std::string& unit = hockeypuck_unit);
  /// The state of a key in the keyserver: `absent`, `present` or `revoked`.
  std::string stored(const std::string& fingerprint, const std::string& unit = hockeypuck_unit);
  /// The line of the configuration with the administrators.
  std::string administrators(const std::string& unit = hockeypuck_unit);
  /// That line with one administrator.
  static std::string only(const std::string& fingerprint);
  std::string in_use();
  void expect_blocks_keys();
};

void AdminKey::deploy_two_units() {
  model.deploy_all();
  model.rehearse({"scale", "hockeypuck-k8s", "2"});
  ASSERT_TRUE(model.becomes("active"));
}

std::vector<std::string> AdminKey::kept_keys() {
  std::vector<std::string> found;
  const Json kept = model.kept();
  for (const Json& secret : kept.at("secrets")) {
    if (secret.value("owner", "") == "hockeypuck-k8s") {
      for (const Json& numbered : secret.at("revisions")) {
        found.push_back(numbered.at(1).at("content").at("private-key"));
      }
    }
  }
  return found;
}

int AdminKey::request(const std::string& private_key, const std::string& unit) {
  Gnupg gnupg;
  EXPECT_TRUE(gnupg.import_keys(private_key));
  const std::string text =
      "/pks/delete\n" + file_text(TEST_DATA_DIR "/e2e/carol_signed_by_dave.asc");
  const TemporaryDirectory files("request");
  const std::string text_file = files.path() / "text";
  const std::string signature_file = files.path() / "signature";
  std::ofstream(text_file) << text;
  std::ofstream(signature_file) << gnupg.sign(text, gnupg.fingerprints().at(0));
  return post("/pks/delete", {"keytext@" + text_file, "keysig@" + signature_file}, unit);
}

std::string AdminKey::stored(const std::string& fingerprint, const std::string& unit) {
  std::istringstream lines(
      http_body("/pks/lookup?op=vindex&options=mr&search=0x" + fingerprint, unit));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("pub:")) {
      return line.ends_with(":r") ? "revoked" : "present";
    }
  }
  return "absent";
}

std::string AdminKey::administrators(const std::string& unit) {
  const std::string text = configuration(unit);
  const auto begin = text.find("adminKeys");
  return begin == std::string::npos ? "" : text.substr(begin, text.find('\n', begin) - begin);
}

std::string AdminKey::only(const std::string& fingerprint) {
  return "adminKeys = [\"" + fingerprint + "\"]";
}

std::string AdminKey::in_use() {
  return model.act("get-admin-key").result("fingerprint");
}

void AdminKey::expect_blocks_keys() {
  const std::string leader = "hockeypuck-k8s/leader";
  ASSERT_TRUE(upload("alice"));
  const Task task = model.act("block-keys", {std::string("fingerprints=") + alice}, leader);
  EXPECT_EQ(task.result("deleted"), "1") << task.message;
  EXPECT_EQ(look_up(alice), 404);
  model.act("unblock-keys", {std::string("fingerprints=") + alice}, leader);
}

TEST_F(AdminKey, IsRotatedWithoutAMomentInWhichNoneIsTaken) {
  model.deploy_all();
  const std::string old = in_use();
  const std::string old_key = kept_keys().at(0);
  EXPECT_EQ(request(old_key), taken);

  const Task task = model.act("rotate-admin-key");
  ASSERT_FALSE(task.failed) << task.message;
  const std::string next = task.result("fingerprint");
  EXPECT_NE(next, old);
  EXPECT_EQ(in_use(), next);
  EXPECT_EQ(model.act("get-admin-key").result("retired"), old);
  EXPECT_EQ(kept_keys().size(), 1U) << "the old private key is gone";
  EXPECT_EQ(request(old_key), taken);
  EXPECT_EQ(request(kept_keys().at(0)), taken);
  EXPECT_EQ(stored(old), "present");
  expect_blocks_keys();

  model.update_status();
  EXPECT_EQ(stored(old), "revoked");
  EXPECT_EQ(request(old_key), refused);
  EXPECT_EQ(request(kept_keys().at(0)), taken);
  model.update_status();
  EXPECT_EQ(administrators(), only(next));
  expect_blocks_keys();
  expect_serving();
  expect_settled();
}

TEST_F(AdminKey, IsNotRotatedWhereThatCannotBeDone) {
  deploy_two_units();
  EXPECT_EQ(model.act("rotate-admin-key", {}, second_unit).message,
            "the leader changes the admin key: run it on hockeypuck-k8s/leader");
  const std::string first = in_use();
  model.database_action("stop-database");
  EXPECT_TRUE(model.act("rotate-admin-key").failed);
  model.database_action("start-database");
  model.update_status();
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(in_use(), first);
  ASSERT_FALSE(model.act("rotate-admin-key").failed);
  const Task again = model.act("rotate-admin-key");
  EXPECT_TRUE(again.failed);
  EXPECT_EQ(again.message,
            "a change is under way: the leader's next hook revokes the admin key " + first);
  model.update_status();
  EXPECT_EQ(stored(first), "revoked");
}

TEST_F(AdminKey, IsRotatedOnAllUnitsAndByTheNextLeader) {
  deploy_two_units();
  const std::string old = in_use();
  const std::string old_key = kept_keys().at(0);
  const std::string next = model.act("rotate-admin-key").result("fingerprint");
  for (const char* unit : {hockeypuck_unit, second_unit}) {
    EXPECT_EQ(request(old_key, unit), taken) << unit;
    EXPECT_EQ(request(kept_keys().at(0), unit), taken) << unit;
  }
  model.rehearse({"leadership", second_unit});
  EXPECT_EQ(stored(old), "revoked");
  model.update_status();
  for (const char* unit : {hockeypuck_unit, second_unit}) {
    EXPECT_EQ(administrators(unit), only(next)) << unit;
    EXPECT_EQ(request(kept_keys().at(0), unit), taken) << unit;
    EXPECT_EQ(model.status(unit), active) << unit;
  }
}

TEST_F(AdminKey, StaysInUseWhenItsRotationIsKilledHalfWay) {
  model.deploy_all();
  const std::string old = in_use();
  const std::string old_key = kept_keys().at(0);
  expect_killed("rotate-admin-key");
  auto rotation = std::async(std::launch::async, [this] {
    return model.attempt({"run", hockeypuck_unit, "rotate-admin-key"}).status;
  });
  const PodProcess dispatch = model.wait_for_dispatch("JUJU_ACTION_NAME=rotate-admin-key");
  ASSERT_TRUE(dispatch.wait_for_file("/hockeypuck/etc/hockeypuck.conf", "\", \""));
  dispatch.kill();
  EXPECT_NE(rotation.get(), 0);
  EXPECT_NE(administrators(), only(old)) << "it was half-way";
  EXPECT_EQ(kept_keys(), std::vector<std::string>{old_key});

  model.update_status();
  EXPECT_EQ(administrators(), only(old));
  EXPECT_EQ(stored(old), "present");
  EXPECT_EQ(request(old_key), taken);
  expect_blocks_keys();
  ASSERT_FALSE(model.act("rotate-admin-key").failed);
  model.update_status();
  EXPECT_EQ(stored(old), "revoked");
}

TEST_F(AdminKey, IsUploadedAgainByWhicheverUnitFindsTheDatabaseWiped) {
  deploy_two_units();
  const std::string fingerprint = in_use();
  const auto wipe = [this] { model.keys_sql("TRUNCATE keys CASCADE"); };
  wipe();
  EXPECT_EQ(stored(fingerprint), "absent");
  model.update_status();
  EXPECT_EQ(stored(fingerprint), "present");
  wipe();
  model.rehearse({"restart-container", second_unit, "hockeypuck"});
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(stored(fingerprint), "present") << "by the unit that does not lead";
  expect_blocks_keys();
}

/// The option admin-key-secret.
class UserSecret : public AdminKey {
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
    return {"blocked", "option admin-key-secret: " + reason};
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
  EXPECT_EQ(model.status(),
            blocked("not readable, run juju grant-secret " + uri.substr(7) + " hockeypuck-k8s"));
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

}  // namespace admin_key_test
}  // namespace test
