// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/openpgp/admin_key.hpp"
#include "charm/postgres/key_database.hpp"
#include "rehearsal/keyserver/packet.hpp"
#include "tests/contract/keyserver/keyserver_test.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>

namespace contract {
namespace {

namespace fs = std::filesystem;

using charm::postgres::KeyDatabase;
using rehearsal::keyserver::dearmored;

struct SmallKey {
  std::string fingerprint = {};
  /// The packets without armor.
  std::string packets = {};
};

/// Makes new certificates: an Ed25519 key and one user ID.
std::vector<SmallKey> small_keys(std::size_t count) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  std::vector<SmallKey> keys;
  for (std::size_t number = 0; number < count; ++number) {
    const auto key = charm::openpgp::AdminKey::generate(
        "Small " + std::to_string(number) + " <small@example.com>", now);
    keys.push_back({key.fingerprint(), dearmored(key.public_armor()).value()});
  }
  return keys;
}

/// The content of a file with the keys from `begin` to before `end`.
std::string packets_of(const std::vector<SmallKey>& keys, std::size_t first, std::size_t last) {
  std::string packets;
  for (std::size_t i = first; i < last; ++i) {
    packets += keys.at(i).packets;
  }
  return packets;
}

std::string packets_of(const std::vector<SmallKey>& keys) {
  return packets_of(keys, 0, keys.size());
}

/// Fills the database from files, with hockeypuck-load and its stand-in.
class Load : public KeyserverTest {
 protected:
  fs::path write(const std::string& name, const std::string& octets) {
    const fs::path file = keyserver().folder() / name;
    std::ofstream(file, std::ios::binary) << octets;
    return file;
  }

  /// Returns its output. It must end with 0.
  std::string load(const std::vector<std::string>& files) {
    const test::CommandResult result = keyserver().run_tool("load", files);
    EXPECT_EQ(result.status, 0) << result.error;
    EXPECT_EQ(result.output, "");
    return result.error;
  }

  std::string load_octets(const std::string& octets) { return load({write("keys.pgp", octets)}); }

  std::string stored() { return sql("SELECT count(*) FROM keys"); }

  std::int64_t tree_size() {
    keyserver().start();
    const std::int64_t total = keyserver().total();
    EXPECT_EQ(keyserver().stop(SIGTERM), 0);
    return total;
  }

  static void expect_line(const std::string& log, const std::string& words) {
    EXPECT_NE(log.find(words), std::string::npos) << words << "\n" << log;
  }

  static void expect_no_line(const std::string& log, const std::string& words) {
    EXPECT_EQ(log.find(words), std::string::npos) << words << "\n" << log;
  }

  static std::string unarmored(const std::string& key) { return dearmored(key_text(key)).value(); }
};

FOR_EVERY_KEYSERVER(Load);

TEST_P(Load, StoresTheKeysOfAllFilesThatAPatternMatches) {
  const auto keys = small_keys(5);
  write("a.pgp", packets_of(keys, 0, 2));
  write("b.pgp", packets_of(keys, 2, 5));
  const std::string log = load({keyserver().folder() / "?.pgp"});
  expect_line(log, "inserted 3, updated 0 keys from");
  EXPECT_EQ(stored(), "5");
  EXPECT_EQ(sql("SELECT count(*) FROM userids"), "5");
  EXPECT_EQ(tree_size(), 5);
  keyserver().start();
  EXPECT_EQ(status_of(keys[4].fingerprint), 200);
}

TEST_P(Load, LeavesAKeyThatIsStoredAsItIsThoughTheFileKnowsMore) {
  load_octets(unarmored("key18_ed25519_carol_unsigned"));
  const std::string digest = sql("SELECT md5 FROM keys");
  const std::string log = load_octets(unarmored("key18_ed25519_carol_signed_by_dave"));
  expect_no_line(log, "inserted");
  EXPECT_EQ(sql("SELECT md5 FROM keys"), digest);
}

TEST_P(Load, CountsAFileForNothingThatItCannotReadToItsEnd) {
  const std::string packets = packets_of(small_keys(3));
  for (const std::string& octets : {key_text("key01_ed25519"), std::string("no key at all"),
                                    packets + "rubbish", packets.substr(0, packets.size() - 5)}) {
    const std::string log = load_octets(octets);
    expect_line(log, "level=error msg=\"error reading key: ");
  }
  EXPECT_EQ(stored(), "0");
}

TEST_P(Load, SaysLittleOfFilesThatAreMissingFoldersOrEmpty) {
  const std::string nothing = load({keyserver().folder() / "missing.pgp"});
  expect_no_line(nothing, "processing file");
  expect_no_line(nothing, "level=error");
  load({keyserver().folder()});
  load_octets("");
  EXPECT_EQ(stored(), "0");
}

TEST_P(Load, GoesOnWithTheNextFileAfterOneThatItCannotRead) {
  const fs::path bad = write("bad.pgp", "no key at all");
  const fs::path good = write("good.pgp", packets_of(small_keys(1)));
  load({bad, good});
  EXPECT_EQ(stored(), "1");
}

TEST_P(Load, IsRefusedWhileTheServerRunsWithoutTheDatabaseAndWithoutFiles) {
  const fs::path file = write("keys.pgp", packets_of(small_keys(1)));
  keyserver().start();
  const test::CommandResult locked = keyserver().run_tool("load", {file});
  EXPECT_EQ(locked.status, 1);
  EXPECT_TRUE(locked.error.starts_with("resource temporarily unavailable\n")) << locked.error;
  EXPECT_EQ(keyserver().stop(SIGTERM), 0);
  cluster().stop();
  const test::CommandResult alone = keyserver().run_tool("load", {file});
  EXPECT_EQ(alone.status, 1);
  expect_line(alone.error, "onnection refused");
  const test::CommandResult idle = keyserver().run_tool("load");
  EXPECT_EQ(idle.status, 1);
  expect_line(idle.error, "\nmissing PGP key file arguments\n");
}

/// The same with the charm's block list in the database, and files whose first keys are blocked.
class LoadOfBlockedKeys : public Load {
 protected:
  void SetUp() override {
    Load::SetUp();
    if (!IsSkipped()) {
      // Makes the tables.
      EXPECT_EQ(keyserver().run_tool("pbuild").status, 0);
    }
  }

  void block_first(const std::vector<SmallKey>& keys, std::size_t count) {
    KeyDatabase database(target(), 5);
    EXPECT_TRUE(database.prepare());
    std::vector<std::string> fingerprints;
    for (std::size_t i = 0; i < count; ++i) {
      fingerprints.push_back(keys.at(i).fingerprint);
    }
    database.block(fingerprints, "", "me");
  }

  /// A simple block list, which does not handle temporary tables.
  void refuse_first(const std::vector<SmallKey>& keys, std::size_t count) {
    sql("CREATE TABLE refused (fingerprint text PRIMARY KEY);"
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$BEGIN"
        " IF EXISTS (SELECT FROM public.refused WHERE fingerprint = reverse(NEW.rfingerprint))"
        " THEN RETURN NULL; END IF; RETURN NEW; END$$;"
        "CREATE TRIGGER refuse BEFORE INSERT ON keys FOR EACH ROW EXECUTE FUNCTION refuse()");
    for (std::size_t i = 0; i < count; ++i) {
      sql("INSERT INTO refused VALUES ('" + keys.at(i).fingerprint + "')");
    }
  }

  /// The smallest number of keys that is inserted together.
  static constexpr std::size_t many = 3500;
};

FOR_EVERY_KEYSERVER(LoadOfBlockedKeys);

TEST_P(LoadOfBlockedKeys, PassesThemOverOneByOne) {
  const auto keys = small_keys(103);
  block_first(keys, 100);
  const std::string log = load_octets(packets_of(keys));
  expect_line(log, "level=error msg=\"insert error: key not found\"\n");
  expect_line(log, "inserted 3, updated 0 keys from");
  EXPECT_EQ(stored(), "3");
  EXPECT_EQ(tree_size(), 3);
}

TEST_P(LoadOfBlockedKeys, LeavesOutTheRestOfAFileAfterMoreThanAHundred) {
  const auto keys = small_keys(103);
  block_first(keys, 101);
  const fs::path refused = write("a.pgp", packets_of(keys));
  const fs::path other = write("b.pgp", packets_of(keys, 102, 103));
  const std::string log = load({refused, other});
  expect_line(log, "insert error: too many insert errors (101 > 100), bailing...\"\n");
  expect_line(log, "inserted 1, updated 0 keys from");
  EXPECT_EQ(stored(), "1");
}

TEST_P(LoadOfBlockedKeys, LeavesThemOutOfManyThatAreInsertedAtOnce) {
  auto keys = small_keys(many);
  // This key has a subkey.
  keys.front() = {fingerprint::key01, unarmored("key01_ed25519")};
  block_first(keys, 150);
  const std::string log = load_octets(packets_of(keys));
  expect_line(log, "inserted 3350, updated 0 keys from");
  expect_no_line(log, "reverting to normal insertion");
  EXPECT_EQ(stored(), "3350");
  EXPECT_EQ(tree_size(), 3350);
}

TEST_P(LoadOfBlockedKeys, DoesNotInsertAtOnceWhatATriggerKeepsOutOfOneTableOnly) {
  auto keys = small_keys(many);
  // This key has a subkey.
  keys.front() = {fingerprint::key01, unarmored("key01_ed25519")};
  refuse_first(keys, 2);
  const std::string log = load_octets(packets_of(keys));
  expect_line(log, "reverting to normal insertion");
  expect_line(log, "inserted 3498, updated 0 keys from");
  EXPECT_EQ(stored(), "3498");
  EXPECT_EQ(tree_size(), 3498);
}

TEST_P(LoadOfBlockedKeys, PassesOverDuplicatesAmongManyAndTakesOneOfEqualKeys) {
  const auto keys = small_keys(many);
  load_octets(packets_of(keys, 0, 10));
  const std::string log = load_octets(packets_of(keys) + keys.back().packets);
  expect_line(log, "inserted 3490, updated 0 keys from");
  EXPECT_EQ(stored(), "3500");
}

}  // namespace
}  // namespace contract
