// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/utc.hpp"
#include "charm/postgres/key_database.hpp"
#include "tests/contract/keyserver/keyserver_test.hpp"
#include "tests/support/child_process.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>

namespace contract {
namespace {

using charm::postgres::KeyDatabase;
using charm::postgres::KeyPackets;

/// The charm's part of blocking, with the keyservers that it must work with.
class BlockedKeys : public KeyserverTest {
 protected:
  void SetUp() override {
    KeyserverTest::SetUp();
    if (!IsSkipped()) {
      keyserver().settings.sections[""]["adminKeys"] = "[" + quoted(fingerprint::admin) + "]";
      connect();
    }
  }

  /// Opens a new session, with the settings that the database has now.
  void connect() { database_ = std::make_unique<KeyDatabase>(target(), 5); }

  KeyDatabase& database() { return *database_; }

  void block(const std::vector<std::string>& fingerprints) {
    EXPECT_TRUE(database().block(fingerprints, "R1", "me").settled);
  }

  int upload(const std::string& name) {
    return keyserver().post("/pks/add", {{"keytext", key_text(name)}}).status;
  }

  int recorded_deletion() {
    return keyserver()
        .post("/pks/delete", {{"keytext", request_text("delete_key11.keytext")},
                              {"keysig", request_text("delete_key11.keysig")}})
        .status;
  }

  std::string stored_digests() { return sql("SELECT string_agg(md5, ' ' ORDER BY md5) FROM keys"); }

  std::string dumped() {
    std::string packets;
    database().dump([&packets](const std::vector<KeyPackets>& keys) {
      for (const KeyPackets& key : keys) {
        packets += key.packets;
      }
    });
    return packets;
  }

 private:
  std::unique_ptr<KeyDatabase> database_;
};

FOR_EVERY_KEYSERVER(BlockedKeys);

TEST_P(BlockedKeys, AreRefusedOnUploadUntilTheyAreUnblocked) {
  EXPECT_FALSE(database().prepare());
  keyserver().start();
  EXPECT_TRUE(database().prepare());
  EXPECT_EQ(sql("SELECT count(*) FROM pg_indexes WHERE indexname = 'subkeys_rfingerprint'"), "1");
  block({fingerprint::key01});
  EXPECT_EQ(upload("key01_ed25519"), 500);
  EXPECT_EQ(upload("key02_ed25519_multiuid"), 200);
  EXPECT_EQ(status_of(fingerprint::key01), 404);
  EXPECT_EQ(status_of(fingerprint::key02), 200);
  database().unblock({fingerprint::key01});
  EXPECT_EQ(upload("key01_ed25519"), 200);
  EXPECT_EQ(status_of(fingerprint::key01), 200);
}

TEST_P(BlockedKeys, AreStillRefusedAfterARestartThatAltersTheTables) {
  keyserver().start();
  database().prepare();
  block({fingerprint::key01});
  EXPECT_EQ(keyserver().stop(SIGTERM), 0);
  keyserver().start();
  EXPECT_EQ(upload("key01_ed25519"), 500);
  EXPECT_EQ(status_of(fingerprint::key01), 404);
  EXPECT_EQ(upload("key02_ed25519_multiuid"), 200);
}

TEST_P(BlockedKeys, AreDeletedBySignedRequestsWhileTheyAreBlocked) {
  keyserver().start();
  database().prepare();
  add("admin.pub");
  add("key11_rsa2048");
  block({fingerprint::key11});
  EXPECT_EQ(status_of(fingerprint::key11), 200);
  EXPECT_EQ(database().stored_blocked_keys(10), std::vector<std::string>{fingerprint::key11});
  // A stored key may still be uploaded, which changes nothing.
  EXPECT_EQ(upload("key11_rsa2048"), 200);
  EXPECT_EQ(recorded_deletion(), 200);
  EXPECT_EQ(status_of(fingerprint::key11), 404);
  EXPECT_EQ(upload("key11_rsa2048"), 500);
  EXPECT_EQ(status_of(fingerprint::key11), 404);
  EXPECT_EQ(recorded_deletion(), 404);
  EXPECT_EQ(sql("SELECT count(*) FROM keys"), "1");
}

TEST_P(BlockedKeys, AreNotBroughtBackByASignedReplacement) {
  keyserver().start();
  database().prepare();
  add("admin.pub");
  add("key12_rsa2048_multiuid");
  block({fingerprint::key12});
  keyserver().post("/pks/replace", {{"keytext", request_text("replace_key12.keytext")},
                                    {"keysig", request_text("replace_key12.keysig")}});
  EXPECT_EQ(status_of(fingerprint::key12), 404);
}

/// The switch that the option `uploads` sets.
class UploadSwitch : public BlockedKeys {
 protected:
  void SetUp() override {
    BlockedKeys::SetUp();
    if (!IsSkipped()) {
      keyserver().start();
      add("admin.pub");
      add("key11_rsa2048");
      add("key12_rsa2048_multiuid");
      add("key18_ed25519_carol_unsigned");
    }
  }

  void keep(charm::Uploads uploads) {
    EXPECT_TRUE(database().keep_uploads({uploads, {fingerprint::key02}}).enforced);
  }

  contract::Answer answer_to(const std::string& name) {
    return keyserver().post("/pks/add", {{"keytext", key_text(name)}});
  }

  void expect_requests_of_administrators_work() {
    EXPECT_EQ(upload("key02_ed25519_multiuid"), 200) << "a key of an administrator";
    EXPECT_EQ(keyserver()
                  .post("/pks/replace", {{"keytext", request_text("replace_key12.keytext")},
                                         {"keysig", request_text("replace_key12.keysig")}})
                  .status,
              200);
    EXPECT_EQ(sql("SELECT count(*) FROM keys WHERE doc->>'fingerprint' = '" +
                  std::string(fingerprint::key12) + "'"),
              "1");
    EXPECT_EQ(recorded_deletion(), 200);
    EXPECT_EQ(status_of(fingerprint::key11), 404);
  }
};

FOR_EVERY_KEYSERVER(UploadSwitch);

TEST_P(UploadSwitch, LetsOnlyUpdatesIn) {
  keep(charm::Uploads::updates);
  const contract::Answer refused = answer_to("key01_ed25519");
  EXPECT_EQ(refused.status, 500);
  EXPECT_EQ(refused.body, "Internal Server Error\n");
  EXPECT_EQ(upload("key11_rsa2048"), 200) << "a key without news";
  const contract::Answer updated = answer_to("key18_ed25519_carol_signed_by_dave");
  EXPECT_EQ(updated.status, 200);
  EXPECT_EQ(nlohmann::json::parse(updated.body).at("updated").size(), 1U) << updated.body;
  expect_requests_of_administrators_work();
  keep(charm::Uploads::all);
  EXPECT_EQ(upload("key01_ed25519"), 200);
}

TEST_P(UploadSwitch, LetsNothingIn) {
  keep(charm::Uploads::none);
  const std::string before = stored_digests();
  EXPECT_EQ(upload("key01_ed25519"), 500);
  const contract::Answer refused = answer_to("key18_ed25519_carol_signed_by_dave");
  EXPECT_EQ(refused.status, 500);
  EXPECT_EQ(refused.body, "Internal Server Error\n");
  EXPECT_EQ(upload("key11_rsa2048"), 200) << "a key without news";
  EXPECT_EQ(stored_digests(), before);
  expect_requests_of_administrators_work();
  EXPECT_EQ(keyserver().stop(SIGTERM), 0);
  keyserver().start();
  EXPECT_EQ(upload("key01_ed25519"), 500);
}

TEST_P(UploadSwitch, KeysAreFoundByUserIdAndSignatures) {
  add("key18_ed25519_carol_signed_by_dave");
  const auto found = [&](const charm::postgres::KeySearch& search) {
    std::vector<std::string> fingerprints;
    database().find_keys(search, [&](const charm::postgres::FoundKeys& page) {
      fingerprints.insert(fingerprints.end(), page.fingerprints.begin(), page.fingerprints.end());
    });
    std::sort(fingerprints.begin(), fingerprints.end());
    return fingerprints;
  };
  EXPECT_EQ(found({}).size(), 4U);
  EXPECT_EQ(found({.user_id = "^CAROL"}).size(), 1U);
  const std::string carol = found({.user_id = "carol"}).at(0);
  EXPECT_EQ(found({.user_id = "carol", .self_signed_only = true}).size(), 0U);
  EXPECT_EQ(found({.self_signed_only = true}).size(), 3U);
  EXPECT_EQ(found({.since = "2999-01-01T00:00:00Z"}).size(), 0U);
  EXPECT_EQ(found({.until = "2999-01-01T00:00:00Z"}).size(), 4U);
}

TEST_P(BlockedKeys, AreFoundByTheirTimeInEveryTimeZoneOfTheServer) {
  using namespace std::chrono;
  for (const std::string zone : {"Europe/Berlin", "America/New_York"}) {
    sql(std::string("ALTER DATABASE ") + Keyserver::database + " SET timezone = '" + zone + "'");
    connect();
    keyserver().start();
    add(zone == "Europe/Berlin" ? "key01_ed25519" : "key11_rsa2048");
    const auto now = floor<seconds>(system_clock::now());
    const auto found = [&](const charm::postgres::KeySearch& search) {
      std::size_t count = 0;
      database().find_keys(search, [&](const auto& page) { count += page.fingerprints.size(); });
      return count;
    };
    EXPECT_EQ(found({.since = charm::utc_text(now - 5min), .until = charm::utc_text(now + 5min)}),
              1U)
        << zone;
    EXPECT_EQ(database().count_keys(5min).settled, 0) << zone;
    EXPECT_EQ(keyserver().stop(SIGTERM), 0);
    sql("TRUNCATE keys CASCADE");
  }
}

TEST_P(BlockedKeys, AreFoundByTheirSubkeys) {
  keyserver().start();
  add("key01_ed25519");
  const auto resolved = database().resolve({fingerprint::key01_subkey, fingerprint::key02});
  ASSERT_EQ(resolved.size(), 2U);
  EXPECT_EQ(resolved[0].primary, fingerprint::key01);
  EXPECT_TRUE(resolved[0].present);
  EXPECT_FALSE(resolved[1].present);
}

TEST_P(BlockedKeys, HaveAPrimaryPacketEvenIfTheyAreRevoked) {
  keyserver().start();
  add("key17_ed25519_revoked");
  add("key01_ed25519");
  const auto keys = database().primary_packets({fingerprint::key17, fingerprint::key01});
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[0].fingerprint, fingerprint::key17);
  // A public key (tag 6 in the new format), 51 octets, of version 4.
  EXPECT_EQ(keys[0].packets.substr(0, 3), "\xC6\x33\x04");
  EXPECT_EQ(keys[0].packets.size(), 53U);
}

class BlockedKeysInBulk : public BlockedKeys {
 protected:
  /// Loads OpenPGP packets. The keyserver must be stopped.
  std::string load(const std::string& packets) {
    const auto file = keyserver().folder() / "keys.pgp";
    std::ofstream(file, std::ios::binary) << packets;
    const test::CommandResult result = keyserver().run_tool("load", {file});
    EXPECT_EQ(result.status, 0) << result.error;
    return result.error;
  }
};

FOR_EVERY_KEYSERVER(BlockedKeysInBulk);

TEST_P(BlockedKeysInBulk, ArePassedOverAndTheOthersLoadedFromACompleteDump) {
  keyserver().start();
  database().prepare();
  for (const std::string& name : public_key_names()) {
    add(name);
  }
  EXPECT_EQ(keyserver().stop(SIGTERM), 0);
  const std::string packets = dumped();
  const std::string all = stored_digests();
  ASSERT_EQ(sql("SELECT count(*) FROM keys"), "21");

  sql("TRUNCATE keys, subkeys, userids");
  load(packets);
  EXPECT_EQ(stored_digests(), all);

  block({fingerprint::key01, fingerprint::key17, fingerprint::key20});
  const std::string blocked_rows =
      " WHERE reverse(rfingerprint) IN (SELECT fingerprint FROM blocked_keys)";
  sql("DELETE FROM subkeys" + blocked_rows + "; DELETE FROM userids" + blocked_rows +
      "; DELETE FROM keys" + blocked_rows);
  const std::string free = stored_digests();
  sql("TRUNCATE keys, subkeys, userids");
  load(packets);
  EXPECT_EQ(stored_digests(), free);
  EXPECT_EQ(sql("SELECT count(*) FROM keys"), "18");
}

}  // namespace
}  // namespace contract
