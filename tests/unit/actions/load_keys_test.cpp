// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/digest.hpp"
#include "charm/openpgp/armor.hpp"
#include "tests/unit/actions/key_actions_test.hpp"

namespace charm::actions {
namespace {

using postgres::KeyDatabase;

/// A few keys, which are uploaded.
class LoadKeysTest : public KeyActionsTest {
 protected:
  Results load(const std::string& files) {
    return run("load-keys", {{"files", files}, {"wait", 60}});
  }

  std::string refusal(const std::string& files) {
    return failure("load-keys", {{"files", files}, {"wait", 60}});
  }
};

TEST_F(LoadKeysTest, TellsWhatBecameOfEachKey) {
  KeyDatabase(target(), 5).block({fingerprint(3)}, "", "me");
  store(certificates(1, 2));
  unwelcome = {fingerprint(5), fingerprint(6)};
  write("/new.pgp", certificates(1, 1) + certificate(2, "b") + certificates(3, 4) +
                        certificate(4, "b") + certificate(5) +
                        certificate(6, std::string(1000, 'x')) + "\xC6\x01\x09");
  EXPECT_EQ(
      load("/new.pgp"),
      (Results{{"files", "1"},
               {"keys", "7"},
               {"already-stored", "2"},
               {"added", "1"},
               {"updated", "1"},
               {"blocked", "1"},
               {"refused", "3"},
               {"repeated", "1"},
               {"notes", fingerprint(5) +
                             ": the keyserver does not store it: most often for want of a valid "
                             "self-signature\n" +
                             fingerprint(6) +
                             ": it is longer than max-key-length, 1000 bytes\n"
                             "1 of a version that OpenPGP does not know"}}));
  EXPECT_EQ(stored_keys(), "3");
  EXPECT_TRUE(tree_rebuilds.empty());
  EXPECT_FALSE(pebble.plan().contains("services")) << "no service was started";
}

TEST_F(LoadKeysTest, LoadingAgainChangesNothing) {
  write("/keys.pgp", certificates(1, 250));
  EXPECT_EQ(load("/keys.pgp").at("added"), "250");
  EXPECT_EQ(uploads, (std::vector<std::size_t>{100, 100, 50}));
  const Results again = load("/keys.pgp");
  EXPECT_EQ(again.at("added"), "0");
  EXPECT_EQ(again.at("already-stored"), "250");
  EXPECT_EQ(uploads.size(), 3U);
}

TEST_F(LoadKeysTest, TakesArmorDirectoriesAndSeveralFiles) {
  using openpgp::ArmorType;
  write("/a.asc", armor(ArmorType::public_key, certificate(1)) + "\n" +
                      armor(ArmorType::public_key, certificate(2)));
  write("/d/b.pgp", certificate(3));
  write("/d/c.asc", armor(ArmorType::public_key, certificate(4)));
  write("/d/readme.txt", "not keys");
  const Results results = load("/a.asc, /d/\n/a.asc");
  EXPECT_EQ(results.at("files"), "3");
  EXPECT_EQ(results.at("added"), "4");
}

TEST_F(LoadKeysTest, TakesTheRestWhenTheKeyserverRefusesOne) {
  write("/keys.pgp", certificates(1, 5));
  // Blocks a key after the files were checked: Hockeypuck stops at such a key.
  meanwhile = [] {};
  sql("CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN"
      " INSERT INTO blocked_keys VALUES ('" +
      fingerprint(2) +
      "') ON CONFLICT DO NOTHING;"
      " RETURN NEW; END$$; CREATE TRIGGER late AFTER INSERT ON keys FOR EACH ROW"
      " WHEN (NEW.rfingerprint = reverse('" +
      fingerprint(1) +
      "')) EXECUTE FUNCTION late();"
      "INSERT INTO blocked_keys VALUES (repeat('0', 40))");
  const Results results = load("/keys.pgp");
  EXPECT_EQ(results.at("added"), "4");
  EXPECT_EQ(results.at("blocked"), "1");
  EXPECT_EQ(results.at("refused"), "0");
}

TEST_F(LoadKeysTest, LoadsNothingUnlessAllFilesAreKeys) {
  write("/good.pgp", certificates(1, 3));
  write("/cut.pgp", certificates(4, 5).substr(0, 12));
  write("/secret.asc", armor(openpgp::ArmorType::private_key, "\xC5\x01\x04"));
  write("/web.asc", "<html>Not Found</html>");
  write("/empty.pgp", "");
  EXPECT_EQ(refusal("/good.pgp /cut.pgp /secret.asc /web.asc /empty.pgp"),
            "nothing was loaded, because not all files are files of public keys: /cut.pgp: the "
            "OpenPGP data ends too early, and 3 more");
  EXPECT_EQ(shown.at("secret-asc"),
            "/secret.asc: there is a secret key in it, which no keyserver may have");
  EXPECT_EQ(shown.at("empty-pgp"), "/empty.pgp: there is no key in it");
  EXPECT_EQ(stored_keys(), "0");
  EXPECT_TRUE(uploads.empty());
}

TEST_F(LoadKeysTest, SaysWhatIsWrongWithItsParameters) {
  EXPECT_EQ(failure("load-keys", {{"wait", 1}}),
            "give either the parameter files or the parameter urls");
  EXPECT_EQ(failure("load-keys", {{"files", "/a"}, {"urls", "b"}, {"wait", 1}}),
            "give either the parameter files or the parameter urls");
  EXPECT_EQ(
      failure("load-keys", {{"urls", "https://x/keys.pgp"}, {"wait", 1}}),
      "the parameter urls: line 1 is not a SHA-256 of 64 hexadecimal digits, two spaces and a "
      "name");
  EXPECT_EQ(refusal("keys.pgp"),
            "the parameter files needs absolute paths in the hockeypuck container, not "
            "\"keys.pgp\"");
  EXPECT_EQ(refusal("/missing.pgp"), "there is no /missing.pgp in the hockeypuck container");
  write("/d/readme.txt", "");
  EXPECT_EQ(refusal("/d"), "there are no .pgp or .asc files in /d");
  juju.leader = false;
  EXPECT_NE(refusal("/d").find("run it on hockeypuck-k8s/leader"), std::string::npos);
}

/// The option has changed, but no hook has told the database yet.
TEST_F(LoadKeysTest, LoadsNothingWhileTheDatabaseRefusesNewKeys) {
  write("/new.pgp", certificates(1, 3));
  KeyDatabase(target(), 5).keep_uploads({Uploads::updates, {}});
  EXPECT_EQ(refusal("/new.pgp"),
            "the database still enforces uploads=updates, so no new key can be stored: the next "
            "hook of the leader sets uploads=all; run the action again after it");
  KeyDatabase(target(), 5).keep_uploads({Uploads::all, {}});
  EXPECT_EQ(load("/new.pgp").at("added"), "3");
}

TEST_F(LoadKeysTest, ComparesADirectoryWithItsChecksums) {
  const std::string keys = certificates(1, 3);
  write("/d/a.pgp", keys);
  write("/d/SHA256SUMS", checksum_line({sha256(keys), "a.pgp"}));
  EXPECT_EQ(load("/d").at("added"), "3");
  write("/d/a.pgp", keys + certificate(4));
  EXPECT_NE(refusal("/d").find("/d/a.pgp: its SHA-256 is not that of SHA256SUMS"),
            std::string::npos);
  write("/d/b.pgp", certificate(5));
  EXPECT_EQ(refusal("/d"),
            "/d/b.pgp is not in the SHA256SUMS of its directory: nothing was loaded");
  write("/d/SHA256SUMS", checksum_line({sha256(keys), "c.pgp"}));
  EXPECT_NE(refusal("/d").find("there is no c.pgp in /d"), std::string::npos);
  write("/d/SHA256SUMS", "what?");
  EXPECT_NE(refusal("/d").find("/d/SHA256SUMS: line 1 is not"), std::string::npos);
  write("/d/hkp-dump.unfinished", "");
  EXPECT_EQ(refusal("/d"), "the dump in /d is not complete: run dump-keys again");
  EXPECT_EQ(stored_keys(), "3");
}

TEST_F(LoadKeysTest, FetchesWhatUrlsLeadTo) {
  web = {{"https://x/a", certificates(1, 2)}, {"https://x/b", certificates(2, 3)}};
  const std::string good = checksum_line({sha256(web["https://x/a"]), "https://x/a"}) +
                           checksum_line({sha256(web["https://x/b"]), "https://x/b"});
  const Results results = run("load-keys", {{"urls", good}, {"wait", 60}});
  EXPECT_EQ(results.at("added"), "3");
  EXPECT_EQ(results.at("repeated"), "1");
  sql("DELETE FROM keys");
  const std::string bad = good + checksum_line({std::string(64, '0'), "https://x/a"});
  EXPECT_NE(failure("load-keys", {{"urls", bad}, {"wait", 60}}).find("is not the declared one"),
            std::string::npos);
  EXPECT_EQ(stored_keys(), "0");
}

}  // namespace
}  // namespace charm::actions
