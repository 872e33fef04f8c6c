// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/postgres/key_database_test.hpp"

namespace charm::postgres {
namespace {

class StoredKeys : public KeyDatabaseTest {
 protected:
  StoredKeys() : database(target(), 5) {}

  /// The fingerprints and packets of a dump.
  std::string dumped() {
    std::string text;
    database.dump([&text](const std::vector<KeyPackets>& keys) {
      for (const KeyPackets& each : keys) {
        text += each.fingerprint + "=" + each.packets + "\n";
      }
    });
    return text;
  }

  KeyDatabase database;
  const std::string key = made_up_fingerprint(1);
  const std::string v6_key = made_up_fingerprint(2, 64);
  const std::string subkey = made_up_fingerprint(3);
  const std::string absent = made_up_fingerprint(4);
};

TEST_F(StoredKeys, AreNoneWithoutTables) {
  const std::vector<ResolvedKey> resolved = database.resolve({absent});
  ASSERT_EQ(resolved.size(), 1U);
  EXPECT_EQ(resolved[0].primary, absent);
  EXPECT_FALSE(resolved[0].present);
  EXPECT_TRUE(database.primary_packets({absent}).empty());
  EXPECT_EQ(dumped(), "");
  database.prepare();
  EXPECT_TRUE(database.stored_blocked_keys(10).empty());
}

TEST_F(StoredKeys, AreFoundByTheirSubkeysToo) {
  make_hockeypuck_tables();
  EXPECT_TRUE(store(key));
  EXPECT_TRUE(store(v6_key));
  sql("INSERT INTO subkeys VALUES (reverse('" + key + "'), reverse('" + subkey + "'), '')");
  const auto resolved = database.resolve({subkey, absent, v6_key, key, subkey});
  std::string text;
  for (const ResolvedKey& each : resolved) {
    text += each.asked + " " + each.primary + (each.present ? " here\n" : " absent\n");
  }
  EXPECT_EQ(text, subkey + " " + key + " here\n" + absent + " " + absent + " absent\n" + v6_key +
                      " " + v6_key + " here\n" + key + " " + key + " here\n" + subkey + " " + key +
                      " here\n");
  EXPECT_TRUE(database.resolve({}).empty());
}

TEST_F(StoredKeys, AreToldApartByTheirDigests) {
  const std::string v3_key = std::string(32, 'a');
  EXPECT_EQ(database.digests({key, absent}), (std::vector<std::string>{"", ""}));
  make_hockeypuck_tables();
  EXPECT_TRUE(store(key));
  EXPECT_TRUE(store(v3_key));
  EXPECT_EQ(database.digests({absent, v3_key, key, "\"{}"}),
            (std::vector<std::string>{"", sql("SELECT md5('" + v3_key + "')"),
                                      sql("SELECT md5('" + key + "')"), ""}));
  EXPECT_TRUE(database.digests({}).empty());
}

TEST_F(StoredKeys, AreFoundByTheThousand) {
  make_hockeypuck_tables();
  EXPECT_TRUE(store(key));
  const auto resolved = database.resolve(made_up_fingerprints(10'000));
  ASSERT_EQ(resolved.size(), 10'000U);
  EXPECT_TRUE(resolved[0].present);
  EXPECT_FALSE(resolved[9'999].present);
}

TEST_F(StoredKeys, AreRebuiltFromTheirPacketsInOrder) {
  make_hockeypuck_tables();
  EXPECT_TRUE(store(key));
  // Each packet is one letter; the members stand in another order than the packets of a key.
  sql("UPDATE keys SET doc = regexp_replace($$"
      "{\"subKeys\": [{\"signatures\": [{\"packet\": \"k\"}], \"packet\": \"j\"},"
      "  {\"packet\": \"l\"}],"
      " \"userIDs\": [{\"signatures\": [{\"trusts\": [{\"packet\": \"g\"}], \"packet\": \"f\"}],"
      "  \"trusts\": [{\"packet\": \"e\"}], \"packet\": \"d\", \"keywords\": \"packet\"},"
      "  {\"packet\": \"h\", \"signatures\": [{\"packet\": \"i\"}]}],"
      " \"signatures\": [{\"packet\": \"c\"}], \"trusts\": [{\"packet\": \"b\"}],"
      " \"packet\": \"a\"}$$, '\"packet\": \"(.)\"',"
      " '\"packet\": {\"tag\": 6, \"data\": \"@\\1@\"}', 'g')::jsonb");
  sql("UPDATE keys SET doc = (SELECT replace(string_agg(CASE WHEN n % 2 = 0"
      " THEN encode(convert_to(part, 'UTF8'), 'base64') ELSE part END, '' ORDER BY n), '@', '')"
      " FROM regexp_split_to_table(doc::text, '@') WITH ORDINALITY AS t(part, n))::jsonb");
  EXPECT_EQ(dumped(), key + "=abcdefghijkl\n");
  const auto packets = database.primary_packets({absent, key});
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(packets[0].fingerprint, key);
  EXPECT_EQ(packets[0].packets, "a");
}

TEST_F(StoredKeys, AreDumpedToTheLast) {
  make_hockeypuck_tables();
  sql("INSERT INTO keys SELECT md5(n::text) || '00000000', '{\"packet\": {\"data\": \"//8A\"}}',"
      " now(), now(), n, NULL, now(), '' FROM generate_series(1, 1234) AS n");
  std::size_t keys = 0;
  database.dump([&keys](const std::vector<KeyPackets>& page) {
    keys += page.size();
    EXPECT_LE(page.size(), 500U);
    EXPECT_EQ(page.front().packets, std::string("\xff\xff\0", 3));
  });
  EXPECT_EQ(keys, 1234U);
}

}  // namespace
}  // namespace charm::postgres
