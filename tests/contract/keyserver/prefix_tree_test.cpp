// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/openpgp/admin_key.hpp"
#include "tests/contract/keyserver/keyserver_test.hpp"
#include "tests/support/eventually.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>

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

  /// The status of a signed request to delete a key of the test data.
  int request_deletion(const std::string& key) {
    const std::string text = "/pks/delete\n" + key_text(key);
    return keyserver()
        .post("/pks/delete", {{"keytext", text}, {"keysig", admin_.sign(text, now())}})
        .status;
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
  EXPECT_EQ(request_deletion("key11_rsa2048"), 200);
  restart();
  EXPECT_EQ(keyserver().total(), 2);
}

TEST_P(PrefixTree, LosesAKeyThatIsDeletedAndUploadedWithinOneInterval) {
  keyserver().start();
  add_administrator();
  add("key11_rsa2048");
  restart();
  EXPECT_EQ(request_deletion("key11_rsa2048"), 200);
  add("key11_rsa2048");
  restart();
  EXPECT_EQ(keyserver().total(), 1);
  EXPECT_EQ(status_of(fingerprint::key11), 200);
}

TEST_P(PrefixTree, DoesNotLearnOfAKeyThatTheDatabaseRefuses) {
  keyserver().start();
  sql("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$;"
      "CREATE TRIGGER refuse BEFORE INSERT ON keys FOR EACH ROW EXECUTE FUNCTION refuse()");
  EXPECT_EQ(keyserver().post("/pks/add", {{"keytext", key_text("key01_ed25519")}}).status, 500);
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

/// A server with a damaged tree. Before the damage, the tree holds two keys in a table and one in
/// the log.
class DamagedTree : public KeyserverTest {
 protected:
  void SetUp() override {
    KeyserverTest::SetUp();
    if (IsSkipped()) {
      return;
    }
    keyserver().settings.sections["conflux.recon"]["gossipIntervalSecs"] = "600";
    keyserver().start();
    add("key01_ed25519");
    add("key02_ed25519_multiuid");
    EXPECT_EQ(keyserver().stop(SIGTERM), 0);
    keyserver().start();
    add("key11_rsa2048");
    EXPECT_EQ(keyserver().stop(SIGTERM), 0);
    fs::copy(keyserver().tree(), good());
  }

  fs::path good() { return keyserver().folder() / "good"; }

  /// The only file of the tree with a name of this form.
  fs::path file(const std::string& start, const std::string& end) {
    for (const auto& entry : fs::directory_iterator(keyserver().tree())) {
      const std::string name = entry.path().filename();
      if (name.starts_with(start) && name.ends_with(end)) {
        return entry.path();
      }
    }
    ADD_FAILURE() << "no " << start << "*" << end;
    return {};
  }

  static void overwrite(const fs::path& path, const std::string& text) {
    std::fstream(path, std::ios::in | std::ios::out | std::ios::binary) << text;
  }

  void restore() {
    fs::remove_all(keyserver().tree());
    fs::copy(good(), keyserver().tree());
  }

  /// The server ends with this message, and so does the tool that would fill the tree.
  void expect_refusal(const std::string& words) {
    const std::size_t before = keyserver().log().size();
    EXPECT_EQ(keyserver().exit_code_of_start(), 1);
    const std::string log = keyserver().log().substr(before);
    EXPECT_TRUE(log.starts_with(words)) << log;
    const test::CommandResult build = keyserver().run_tool("pbuild");
    EXPECT_EQ(build.status, 1);
    EXPECT_TRUE(build.error.starts_with(words)) << build.error;
    restore();
  }

  void expect_total(int total) {
    keyserver().start();
    EXPECT_EQ(keyserver().total(), total);
    EXPECT_EQ(keyserver().stop(SIGTERM), 0);
    restore();
  }
};

FOR_EVERY_KEYSERVER(DamagedTree);

TEST_P(DamagedTree, StopsTheServerWithoutItsEntryPoint) {
  const std::string words = "database entry point either missing or corrupted\n";
  fs::remove(keyserver().tree() / "CURRENT");
  expect_refusal(words);
  fs::remove(file("MANIFEST-", ""));
  expect_refusal(words);
}

TEST_P(DamagedTree, StopsTheServerWhenItsEntryPointCannotBeRead) {
  const fs::path current = keyserver().tree() / "CURRENT";
  const std::string words = "leveldb/storage: corrupted or incomplete CURRENT file\n";
  std::ofstream(current).flush();
  expect_refusal(words);
  std::ofstream(current) << "rubbish\n";
  expect_refusal(words);
  fs::resize_file(current, fs::file_size(current) - 1);
  expect_refusal(words);
}

TEST_P(DamagedTree, StopsTheServerWhenItsManifestCannotBeRead) {
  const std::string words = "leveldb: manifest corrupted (field 'comparer'): missing [file=";
  fs::resize_file(file("MANIFEST-", ""), 0);
  expect_refusal(words);
  overwrite(file("MANIFEST-", ""), std::string(20, 'x'));
  expect_refusal(words);
  fs::resize_file(file("MANIFEST-", ""), fs::file_size(file("MANIFEST-", "")) / 2);
  expect_refusal(words);
}

TEST_P(DamagedTree, StopsTheServerWhenATableCannotBeRead) {
  const std::string words = "leveldb/table: corruption on ";
  fs::resize_file(file("", ".ldb"), 0);
  expect_refusal(words + "table-footer");
  fs::resize_file(file("", ".ldb"), fs::file_size(file("", ".ldb")) / 2);
  expect_refusal(words + "table-footer");
  overwrite(file("", ".ldb"), std::string(20, 'x'));
  expect_refusal(words + "data-block");
}

TEST_P(DamagedTree, StopsTheServerWithoutItsTable) {
  fs::remove(file("", ".ldb"));
  expect_refusal("file missing\n");
}

TEST_P(DamagedTree, StopsTheServerWhenItIsNoFolder) {
  fs::remove_all(keyserver().tree());
  std::ofstream(keyserver().tree()) << "a file\n";
  expect_refusal("leveldb/storage: open " + keyserver().tree().string() + ": not a directory");
}

TEST_P(DamagedTree, LosesWhatWasInItsLogInSilence) {
  fs::remove(file("", ".log"));
  expect_total(2);
  overwrite(file("", ".log"), std::string(20, 'x'));
  expect_total(2);
}

TEST_P(DamagedTree, DoesWithoutFilesThatHoldNothing) {
  fs::remove(keyserver().tree() / "LOCK");
  fs::remove(keyserver().tree() / "LOG");
  std::ofstream(keyserver().tree() / "CURRENT.bak") << "rubbish";
  std::ofstream(file("", ".ldb"), std::ios::app) << "rubbish";
  expect_total(3);
}

TEST_P(DamagedTree, IsEmptyWhenAllOfItIsLost) {
  for (const auto& entry : fs::directory_iterator(keyserver().tree())) {
    fs::remove(entry.path());
  }
  expect_total(0);
}

/// Fills the prefix tree from the database, with hockeypuck-pbuild and its stand-in.
class TreeBuild : public KeyserverTest {
 protected:
  /// Stores three keys in the database and stops the keyserver.
  void store_keys() {
    keyserver().start();
    add("key01_ed25519");
    add("key02_ed25519_multiuid");
    add("key11_rsa2048");
    EXPECT_EQ(keyserver().stop(SIGTERM), 0);
  }

  test::CommandResult build(const std::vector<std::string>& arguments = {}) {
    return keyserver().run_tool("pbuild", arguments);
  }

  std::int64_t total() {
    keyserver().start();
    const std::int64_t total = keyserver().total();
    EXPECT_EQ(keyserver().stop(SIGTERM), 0);
    return total;
  }
};

FOR_EVERY_KEYSERVER(TreeBuild);

TEST_P(TreeBuild, FillsATreeThatWasLost) {
  store_keys();
  std::filesystem::remove_all(keyserver().tree());
  const test::CommandResult result = build();
  EXPECT_EQ(result.status, 0) << result.error;
  EXPECT_EQ(result.output, "");
  EXPECT_EQ(total(), 3);
}

TEST_P(TreeBuild, AddsWhatIsMissingAndWarnsOfTheOthers) {
  store_keys();
  EXPECT_EQ(build().status, 0);
  const std::string log = build().error;
  EXPECT_NE(log.find("into prefix tree: attempt to insert duplicate element"), std::string::npos)
      << log;
  EXPECT_EQ(total(), 3);
}

TEST_P(TreeBuild, TakesNothingOut) {
  store_keys();
  sql("TRUNCATE keys, subkeys, userids");
  EXPECT_EQ(build().status, 0);
  EXPECT_EQ(total(), 3);
}

TEST_P(TreeBuild, IsRefusedWhileTheServerRuns) {
  keyserver().start();
  const test::CommandResult result = build();
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(result.error.starts_with("resource temporarily unavailable\n")) << result.error;
}

TEST_P(TreeBuild, FailsWithoutTheDatabase) {
  cluster().stop();
  const test::CommandResult result = build();
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.error.find("onnection refused"), std::string::npos) << result.error;
  EXPECT_FALSE(std::filesystem::exists(keyserver().tree()));
}

TEST_P(TreeBuild, TakesTheOptionsOfTheServerAndIgnoresOtherArguments) {
  EXPECT_EQ(build({"-log", "fatal", "stray"}).error, "");
  EXPECT_EQ(build({"-nonsense"}).status, 2);
  EXPECT_EQ(build({"-config", "/nowhere/hockeypuck.conf"}).status, 1);
}

}  // namespace
}  // namespace contract
