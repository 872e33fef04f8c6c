// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/openpgp/admin_key.hpp"
#include "tests/contract/keyserver/keyserver_test.hpp"
#include "tests/support/eventually.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>

namespace contract {
namespace {

namespace fs = std::filesystem;

class PrefixTree : public KeyserverTest {
 protected:
  void SetUp() override {
    KeyserverTest::SetUp();
    if (!IsSkipped()) {
      keyserver().settings.sections[""]["adminKeys"] = "[" + quoted(admin_.fingerprint()) + "]";
      set_gossip_interval("600");
    }
  }

  void set_gossip_interval(const std::string& seconds) {
    keyserver().settings.sections["conflux.recon"]["gossipIntervalSecs"] = seconds;
  }

  void restart() {
    EXPECT_EQ(keyserver().stop(SIGTERM), 0);
    keyserver().start();
  }

  void add_administrator() {
    EXPECT_EQ(keyserver().post("/pks/add", {{"keytext", admin_.public_armor()}}).status, 200);
  }

  /// A signed request for a key of the test data: its status.
  int administrate(const std::string& path, const std::string& key) {
    const std::string text = path + "\n" + key_text(key);
    return keyserver().post(path, {{"keytext", text}, {"keysig", admin_.sign(text, now())}}).status;
  }

  /// From now on a trigger refuses all keys without an error.
  void refuse_keys() {
    sql("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$;"
        "CREATE TRIGGER refuse BEFORE INSERT ON keys FOR EACH ROW EXECUTE FUNCTION refuse()");
  }

 private:
  static std::chrono::sys_seconds now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  }

  const charm::openpgp::AdminKey admin_ =
      charm::openpgp::AdminKey::generate("Administrator <admin@example.com>", now());
};

FOR_EVERY_KEYSERVER(PrefixTree);

TEST_P(PrefixTree, IsEmptyWhenItIsMadeWhateverTheDatabaseHolds) {
  keyserver().start();
  add("key01_ed25519");
  EXPECT_EQ(keyserver().stop(SIGTERM), 0);
  fs::remove_all(keyserver().tree());
  keyserver().start();
  EXPECT_EQ(keyserver().total(), 0);
  EXPECT_EQ(status_of(fingerprint::key01), 200);
}

TEST_P(PrefixTree, LearnsOfUploadsOnceInEachGossipInterval) {
  set_gossip_interval("4");
  keyserver().start();
  add("key01_ed25519");
  EXPECT_EQ(keyserver().total(), 0);
  EXPECT_TRUE(test::eventually([this] { return keyserver().total() == 1; }));
}

TEST_P(PrefixTree, LearnsOfTheLastUploadsWhenTheServerEnds) {
  keyserver().start();
  add("key01_ed25519");
  add("key02_ed25519_multiuid");
  restart();
  EXPECT_EQ(keyserver().total(), 2);
  restart();
  EXPECT_EQ(keyserver().total(), 2);
}

TEST_P(PrefixTree, OutlivesAKilledServerButForTheLastInterval) {
  keyserver().start();
  add("key01_ed25519");
  restart();
  add("key02_ed25519_multiuid");
  EXPECT_EQ(keyserver().stop(SIGKILL), 128 + SIGKILL);
  keyserver().start();
  EXPECT_EQ(keyserver().total(), 1);
  EXPECT_EQ(sql("SELECT count(*) FROM keys"), "2");
}

TEST_P(PrefixTree, KeepsOneDigestOfAMergedKeyAndNoneOfADeletedOne) {
  keyserver().start();
  add_administrator();
  add("key18_ed25519_carol_unsigned");
  add("key18_ed25519_carol_signed_by_dave");
  add("key11_rsa2048");
  restart();
  EXPECT_EQ(keyserver().total(), 3);
  EXPECT_EQ(administrate("/pks/delete", "key11_rsa2048"), 200);
  restart();
  EXPECT_EQ(keyserver().total(), 2);
}

TEST_P(PrefixTree, KeepsAKeyThatIsReplacedByAnotherStateOfIt) {
  keyserver().start();
  add_administrator();
  add("key18_ed25519_carol_signed_by_dave");
  restart();
  EXPECT_EQ(administrate("/pks/replace", "key18_ed25519_carol_unsigned"), 200);
  restart();
  EXPECT_EQ(keyserver().total(), 2);
}

TEST_P(PrefixTree, LosesAKeyThatIsReplacedByItself) {
  keyserver().start();
  add_administrator();
  add("key11_rsa2048");
  restart();
  EXPECT_EQ(administrate("/pks/replace", "key11_rsa2048"), 200);
  restart();
  EXPECT_EQ(keyserver().total(), 1);
  EXPECT_EQ(status_of(fingerprint::key11), 200);
}

TEST_P(PrefixTree, LosesAKeyThatIsDeletedAndUploadedWithinOneInterval) {
  keyserver().start();
  add_administrator();
  add("key11_rsa2048");
  restart();
  EXPECT_EQ(administrate("/pks/delete", "key11_rsa2048"), 200);
  add("key11_rsa2048");
  restart();
  EXPECT_EQ(keyserver().total(), 1);
  EXPECT_EQ(status_of(fingerprint::key11), 200);
}

TEST_P(PrefixTree, DoesNotLearnOfAKeyThatTheDatabaseRefuses) {
  keyserver().start();
  refuse_keys();
  EXPECT_EQ(keyserver().post("/pks/add", {{"keytext", key_text("key01_ed25519")}}).status, 500);
  restart();
  EXPECT_EQ(keyserver().total(), 0);
}

TEST_P(PrefixTree, LearnsOfAReplacementThatTheDatabaseRefuses) {
  keyserver().start();
  add_administrator();
  add("key18_ed25519_carol_signed_by_dave");
  restart();
  refuse_keys();
  administrate("/pks/replace", "key18_ed25519_carol_unsigned");
  restart();
  EXPECT_EQ(sql("SELECT count(*) FROM keys"), "1");
  EXPECT_EQ(keyserver().total(), 2);
}

TEST_P(PrefixTree, ForgetsADigestThatIsAskedForAndThatNoKeyHas) {
  keyserver().start();
  add("key01_ed25519");
  restart();
  const std::string digest = sql("SELECT md5 FROM keys");
  sql("TRUNCATE keys, subkeys, userids");
  EXPECT_EQ(lookup("hget", digest).status, 404);
  EXPECT_NE(keyserver().metrics().body.find("\nhockeypuck_keys_removed_jitter 1\n"),
            std::string::npos);
  restart();
  EXPECT_EQ(keyserver().total(), 0);
}

TEST_P(PrefixTree, IsKeptFromASecondServer) {
  keyserver().start();
  Keyserver second(GetParam(), cluster());
  second.settings.sections["conflux.recon.leveldb"]["path"] = quoted(keyserver().tree());
  EXPECT_EQ(second.exit_code_of_start(), 1);
  EXPECT_TRUE(second.log().starts_with("resource temporarily unavailable\n")) << second.log();
}

}  // namespace
}  // namespace contract
