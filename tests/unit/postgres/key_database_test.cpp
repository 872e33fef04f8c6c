// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/postgres/key_database_test.hpp"

#include <chrono>
#include <iomanip>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace charm::postgres {

KeyDatabaseTest::KeyDatabaseTest() {
  cluster.create_role("keys", password);
  cluster.create_database("keys", "keys");
}

Target KeyDatabaseTest::target() const {
  return {.host = cluster.host(),
          .port = cluster.port(),
          .database = "keys",
          .user = "keys",
          .password = password,
          .ssl_mode = "disable"};
}

void KeyDatabaseTest::make_hockeypuck_tables() const {
  sql("SET ROLE keys;"
      "CREATE TABLE keys (rfingerprint text PRIMARY KEY, doc jsonb NOT NULL,"
      " ctime timestamptz NOT NULL, mtime timestamptz NOT NULL, md5 text NOT NULL UNIQUE,"
      " keywords tsvector, idxtime timestamptz NOT NULL, vfingerprint text NOT NULL);"
      "CREATE TABLE subkeys (rfingerprint text NOT NULL REFERENCES keys,"
      " rsubfp text PRIMARY KEY, vsubfp text NOT NULL)");
}

bool KeyDatabaseTest::store(const std::string& fingerprint) const {
  return sql("INSERT INTO keys SELECT reverse(f), '{}', now(), now(), md5(f), NULL, now(),"
             " '04' || f FROM (VALUES ('" +
             fingerprint + "')) AS given(f) RETURNING 'stored'") == "stored";
}

std::unique_ptr<test::ChildProcess> KeyDatabaseTest::run_beside(const std::string& statements) {
  auto beside = std::make_unique<test::ChildProcess>(
      test::Command{.arguments = {"psql", "-X", "-q", "-h", cluster.socket_directory(), "-p",
                                  std::to_string(cluster.port()), "-U", "postgres", "-d", "keys",
                                  "-v", "ON_ERROR_STOP=1", "-c", statements}},
      cluster.socket_directory() / "beside.log");
  for (int i = 0; i < 500; ++i) {
    if (sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") != "0") {
      return beside;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  throw std::runtime_error("the statements beside the test do not get to their pg_sleep()");
}

std::string made_up_fingerprint(int number, std::size_t digits) {
  std::ostringstream text;
  text << std::hex << std::setfill('0') << std::setw(8)
       << static_cast<unsigned>(number) * 2654435761U;
  std::string fingerprint;
  while (fingerprint.size() < digits) {
    fingerprint += text.str();
  }
  return fingerprint;
}

std::vector<std::string> made_up_fingerprints(int count) {
  std::vector<std::string> fingerprints;
  fingerprints.reserve(static_cast<std::size_t>(count));
  for (int number = 1; number <= count; ++number) {
    fingerprints.push_back(made_up_fingerprint(number));
  }
  return fingerprints;
}

namespace {

TEST_F(KeyDatabaseTest, CountsWhatThereIs) {
  KeyDatabase database(target(), 5);
  EXPECT_FALSE(database.has_keys());
  EXPECT_EQ(database.count_keys(std::chrono::minutes(1)).keys, 0);
  EXPECT_EQ(database.statistics().blocked_keys, 0);
  make_hockeypuck_tables();
  database.prepare();
  EXPECT_FALSE(database.has_keys());
  EXPECT_TRUE(store(made_up_fingerprint(1)));
  EXPECT_TRUE(store(made_up_fingerprint(2)));
  database.block(made_up_fingerprints(5), "", "me");
  EXPECT_TRUE(database.has_keys());
  EXPECT_EQ(database.count_keys(std::chrono::minutes(1)).keys, 2);
  EXPECT_EQ(database.count_keys(std::chrono::minutes(1)).settled, 0);
  sql("UPDATE keys SET ctime = now() - interval '2 minutes' WHERE rfingerprint = reverse('" +
      made_up_fingerprint(1) + "')");
  EXPECT_EQ(database.count_keys(std::chrono::minutes(1)).settled, 1);
  const Statistics statistics = database.statistics();
  EXPECT_EQ(statistics.keys, 2);
  EXPECT_EQ(statistics.blocked_keys, 5);
  EXPECT_GT(statistics.database_size, 1'000'000);
  EXPECT_TRUE(sql("SHOW server_version").starts_with(statistics.server_version));
  EXPECT_NE(statistics.server_version, "");
}

/// Hockeypuck 2.3 stores the time of UTC as a local time of the server.
TEST_F(KeyDatabaseTest, CountsYoungKeysInEveryTimeZoneOfTheServer) {
  make_hockeypuck_tables();
  EXPECT_TRUE(store(made_up_fingerprint(1)));
  EXPECT_TRUE(store(made_up_fingerprint(2)));
  for (const std::string zone : {"Europe/Berlin", "America/New_York"}) {
    sql("ALTER DATABASE keys SET timezone = '" + zone + "'");
    sql("UPDATE keys SET ctime = now() AT TIME ZONE 'UTC'");
    sql("UPDATE keys SET ctime = ctime - interval '2 minutes' WHERE rfingerprint = reverse('" +
        made_up_fingerprint(1) + "')");
    EXPECT_EQ(KeyDatabase(target(), 5).count_keys(std::chrono::minutes(1)).settled, 1) << zone;
  }
}

TEST_F(KeyDatabaseTest, NamesTheDatabaseAndNoOtherAlike) {
  const std::string identity = KeyDatabase(target(), 5).identity();
  EXPECT_EQ(identity, cluster.psql("SELECT system_identifier FROM pg_control_system()") + "/" +
                          cluster.psql("SELECT oid FROM pg_database WHERE datname = 'keys'"));
  cluster.restart();
  EXPECT_EQ(KeyDatabase(target(), 5).identity(), identity);
  cluster.psql("DROP DATABASE keys");
  cluster.create_database("keys", "keys");
  EXPECT_NE(KeyDatabase(target(), 5).identity(), identity);
}

TEST_F(KeyDatabaseTest, IsNamedAlsoWhereTheServerKeepsItsOwnName) {
  sql("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM public");
  EXPECT_EQ(KeyDatabase(target(), 5).identity(),
            "?/" + cluster.psql("SELECT oid FROM pg_database WHERE datname = 'keys'"));
}

/// The outcome of a failed connection or preparation, after a check that its reason can be shown.
Outcome failure_of(const Target& target) {
  try {
    KeyDatabase(target, 2).prepare();
  } catch (const DatabaseError& fault) {
    const std::string reason = fault.what();
    EXPECT_EQ(reason.find(target.password), std::string::npos) << reason;
    EXPECT_EQ(reason.find('\n'), std::string::npos) << reason;
    EXPECT_NE(reason, "");
    return fault.outcome();
  }
  return Outcome::ready;
}

TEST_F(KeyDatabaseTest, TellsWhyItCannotBeUsed) {
  Target wrong = target();
  wrong.password = "hunter2";
  EXPECT_EQ(failure_of(wrong), Outcome::refused);
  wrong = target();
  wrong.ssl_mode = "verify-full";
  EXPECT_EQ(failure_of(wrong), Outcome::untrusted);
  cluster.psql("ALTER DATABASE keys SET default_transaction_read_only = on");
  EXPECT_EQ(failure_of(target()), Outcome::read_only);
  cluster.psql("ALTER DATABASE keys RESET default_transaction_read_only");
  sql("ALTER SCHEMA public OWNER TO postgres");
  EXPECT_EQ(failure_of(target()), Outcome::refused);
  sql("DROP SCHEMA public");
  EXPECT_EQ(failure_of(target()), Outcome::refused);
  cluster.stop();
  EXPECT_EQ(failure_of(target()), Outcome::unreachable);
}

TEST_F(KeyDatabaseTest, FailsWhenTheServerGoesAway) {
  KeyDatabase database(target(), 5);
  EXPECT_FALSE(database.has_keys());
  cluster.stop();
  EXPECT_THROW(database.has_keys(), DatabaseError);
}

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
  // Each packet is one letter. The members are in a different order than the packets of a key.
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
