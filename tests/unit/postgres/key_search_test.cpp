// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/postgres/key_database_test.hpp"

#include <algorithm>

namespace charm::postgres {
namespace {

class KeySearchTest : public KeyDatabaseTest {
 protected:
  KeySearchTest() : database(target(), 5) {
    make_hockeypuck_tables();
    sql("SET ROLE keys; CREATE TABLE userids (rfingerprint text NOT NULL REFERENCES keys,"
        " uidstring text NOT NULL, PRIMARY KEY (rfingerprint, uidstring))");
  }

  void store_at(const std::string& fingerprint, const std::string& time,
                const std::string& user_id) {
    ASSERT_TRUE(store(fingerprint));
    sql("UPDATE keys SET ctime = '" + time + "' WHERE rfingerprint = reverse('" + fingerprint +
        "'); INSERT INTO userids VALUES (reverse('" + fingerprint + "'), '" + user_id + "')");
  }

  std::vector<std::string> found(const KeySearch& search) { return found(search, database); }

  std::vector<std::string> found(const KeySearch& search, KeyDatabase& from) {
    std::vector<std::string> all;
    examined = 0;
    from.find_keys(search, [&](const FoundKeys& page) {
      all.insert(all.end(), page.fingerprints.begin(), page.fingerprints.end());
      examined += page.examined;
    });
    return all;
  }

  KeyDatabase database;
  std::int64_t examined = 0;
  const std::string first = made_up_fingerprint(1);
  const std::string second = made_up_fingerprint(2, 64);
};

TEST_F(KeySearchTest, UsesTimesAndUserIds) {
  store_at(first, "2026-01-01 10:00:00+00", "Alice <alice@example.com>");
  store_at(second, "2026-01-01 11:00:00+00", "Bob <bob@example.com>");
  EXPECT_EQ(found({}), (std::vector{first, second}));
  KeySearch search;
  search.since = "2026-01-01T10:00:00Z";
  search.until = "2026-01-01T11:00:00Z";
  EXPECT_EQ(found(search), std::vector{first});
  EXPECT_EQ(examined, 1) << "only the time span is read";
  search = {};
  search.user_id = "^BOB ";
  EXPECT_EQ(found(search), std::vector{second});
  search.user_id = "carol";
  EXPECT_TRUE(found(search).empty());
  EXPECT_EQ(examined, 2);
}

/// Hockeypuck 2.3 stores the time of UTC as a local time of the server.
TEST_F(KeySearchTest, UsesUtcInEveryTimeZoneOfTheServer) {
  for (const std::string zone : {"Europe/Berlin", "America/New_York"}) {
    sql("TRUNCATE keys CASCADE; ALTER DATABASE keys SET timezone = '" + zone + "'");
    store_at(first, "2026-01-01 10:00:00", "a");
    store_at(second, "2026-01-01 11:00:00", "b");
    KeyDatabase in_zone(target(), 5);
    EXPECT_EQ(found({}, in_zone), (std::vector{first, second}));
    KeySearch search;
    search.since = "2026-01-01T10:00:00Z";
    search.until = "2026-01-01T11:00:00Z";
    EXPECT_EQ(found(search, in_zone), std::vector{first}) << zone;
    EXPECT_EQ(examined, 1) << "only the time span is read";
  }
}

TEST_F(KeySearchTest, UsesTheSignaturesOfOthers) {
  store_at(first, "2026-01-01 10:00:00+00", "a");
  store_at(second, "2026-01-01 10:00:00+00", "b");
  const std::string document =
      R"({"longKeyID": "aa", "userIDs": [{"signatures": [{"issuerKeyID": "aa"}]}, {"signatures":)"
      R"( [{"issuerKeyID": "aa"}, {"issuerKeyID": "%"}]}]})";
  for (const auto& [fingerprint, other] : {std::pair(first, "bb"), std::pair(second, "aa")}) {
    std::string text = document;
    text.replace(text.find('%'), 1, other);
    sql("UPDATE keys SET doc = '" + text + "' WHERE rfingerprint = reverse('" + fingerprint + "')");
  }
  KeySearch search;
  search.self_signed_only = true;
  EXPECT_EQ(found(search), std::vector{second});
}

TEST_F(KeySearchTest, FindsThousandsThatCameAtTheSameMoment) {
  sql("INSERT INTO keys SELECT md5(i::text) || '00000000', '{}', '2026-01-01', now(), i::text,"
      " NULL, now(), '' FROM generate_series(1, 12000) AS i");
  std::vector<std::string> all = found({});
  EXPECT_EQ(all.size(), 12'000U);
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::unique(all.begin(), all.end()), all.end());
  EXPECT_EQ(examined, 12'000);
}

TEST_F(KeySearchTest, RefusesAWrongExpression) {
  KeySearch search;
  search.user_id = "a(";
  try {
    found(search);
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("parentheses () not balanced"), std::string::npos)
        << error.what();
  }
}

TEST_F(KeySearchTest, EndsAfterItsTime) {
  store_at(first, "2026-01-01 10:00:00+00", "a");
  sql("DROP TABLE userids; CREATE VIEW userids AS SELECT rfingerprint,"
      " pg_sleep(30)::text AS uidstring FROM keys; GRANT SELECT ON userids TO keys");
  KeySearch search;
  search.user_id = "a";
  try {
    database.find_keys(
        search, [](const FoundKeys&) {}, std::chrono::seconds(1));
    FAIL() << "answered";
  } catch (const DatabaseError& error) {
    EXPECT_STREQ(error.what(),
                 "the database needs more than 1 seconds for 5000 keys: use a simpler pattern");
  }
}

TEST_F(KeySearchTest, HoldsNoLockBetweenItsParts) {
  store_at(first, "2026-01-01 10:00:00+00", "a");
  int changes = 0;
  database.find_keys({}, [&](const FoundKeys&) {
    sql("SET lock_timeout = '1s'; ALTER TABLE keys ALTER COLUMN idxtime DROP DEFAULT");
    ++changes;
  });
  EXPECT_EQ(changes, 1);
}

}  // namespace
}  // namespace charm::postgres
