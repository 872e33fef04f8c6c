// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/postgres/key_database_test.hpp"

#include <atomic>
#include <thread>

namespace charm::postgres {
namespace {

class Schema : public KeyDatabaseTest {
 protected:
  bool prepare() { return KeyDatabase(target(), 5).prepare(); }

  /// The Python charm's list, with all kinds of rows that its actions can leave there.
  void make_deleted_keys() const {
    sql("SET ROLE keys;"
        "CREATE TABLE deleted_keys (fingerprint text PRIMARY KEY, comment text NOT NULL);"
        "INSERT INTO deleted_keys VALUES ('" +
        made_up_fingerprint(1) + "', 'R1234'), (upper('" + made_up_fingerprint(2) +
        "'), E'two\\nlines'), ('" + made_up_fingerprint(3, 64) +
        "', ''), ('', 'nothing'), ('abc', 'short')");
  }

  std::string blocked() const {
    return sql("SELECT fingerprint, comment, blocked_by FROM blocked_keys ORDER BY 2");
  }

  /// Values that would differ if any object had been made again.
  std::string versions() const {
    return sql(
        "SELECT (SELECT string_agg(xmin::text, ' ') FROM pg_trigger),"
        " (SELECT string_agg(xmin::text, ' ') FROM pg_proc WHERE proname LIKE 'refuse%'),"
        " (SELECT string_agg(oid || ':' || xmin, ' ' ORDER BY oid) FROM pg_class"
        "  WHERE relname IN ('keys', 'blocked_keys', 'subkeys_rfingerprint'))");
  }
};

TEST_F(Schema, IsMadeBeforeAndAfterHockeypuckMadeItsTables) {
  EXPECT_FALSE(prepare());
  EXPECT_EQ(blocked(), "");
  make_hockeypuck_tables();
  EXPECT_TRUE(prepare());
  EXPECT_EQ(sql("SELECT indexdef FROM pg_indexes WHERE indexname = 'subkeys_rfingerprint'"),
            "CREATE INDEX subkeys_rfingerprint ON public.subkeys USING btree (rfingerprint)");
}

TEST_F(Schema, RefusesBlockedKeysOnly) {
  make_hockeypuck_tables();
  KeyDatabase database(target(), 5);
  database.prepare();
  database.block({made_up_fingerprint(1), made_up_fingerprint(2, 64)}, "", "me");
  EXPECT_FALSE(store(made_up_fingerprint(1)));
  EXPECT_FALSE(store(made_up_fingerprint(2, 64)));
  EXPECT_TRUE(store(made_up_fingerprint(3)));
  EXPECT_TRUE(store(made_up_fingerprint(4, 64)));
  database.unblock({made_up_fingerprint(1)});
  EXPECT_TRUE(store(made_up_fingerprint(1)));
}

/// The way in which hockeypuck-load stores a file with thousands of keys.
TEST_F(Schema, TakesBlockedKeysOutOfALoad) {
  make_hockeypuck_tables();
  KeyDatabase database(target(), 5);
  database.prepare();
  database.block({made_up_fingerprint(1)}, "", "me");
  const std::string load =
      "CREATE TEMPORARY TABLE keys_checked AS SELECT reverse(f) AS rfingerprint, md5(f) AS md5"
      " FROM unnest(ARRAY['" +
      made_up_fingerprint(1) + "', '" + made_up_fingerprint(2) +
      "']) AS f; CREATE TEMPORARY TABLE subkeys_checked AS"
      " SELECT rfingerprint, md5 AS rsubfp FROM keys_checked;"
      "INSERT INTO keys SELECT rfingerprint, '{}', now(), now(), md5, NULL, now(), ''"
      " FROM keys_checked;"
      "INSERT INTO subkeys SELECT rfingerprint, rsubfp, '' FROM subkeys_checked;";
  EXPECT_EQ(sql("BEGIN;" + load + "COMMIT; SELECT reverse(rfingerprint) FROM keys_checked"),
            made_up_fingerprint(2));
  EXPECT_EQ(sql("SELECT reverse(rfingerprint) FROM keys"), made_up_fingerprint(2));
  EXPECT_EQ(sql("SELECT count(*) FROM subkeys"), "1");
}

class Policy : public Schema {
 protected:
  Policy() {
    make_hockeypuck_tables();
    KeyDatabase(target(), 5).prepare();
    static_cast<void>(store(known));
  }

  bool keep(Uploads uploads, const std::vector<std::string>& accepted = {}) {
    return KeyDatabase(target(), 5).keep_uploads({uploads, accepted}).enforced;
  }

  /// The statement with which Hockeypuck merges a signature into a stored key.
  bool update(const std::string& fingerprint, const std::string& digest) const {
    return !sql("UPDATE keys SET md5 = '" + digest + "' WHERE rfingerprint = reverse('" +
                fingerprint + "') RETURNING 'updated'")
                .empty();
  }

  /// The transaction of a signed /pks/replace. Returns the new digest, or nothing if the key is
  /// lost.
  std::string replace(const std::string& fingerprint) const {
    sql("BEGIN; DELETE FROM keys WHERE rfingerprint = reverse('" + fingerprint +
        "'); INSERT INTO keys SELECT reverse('" + fingerprint +
        "'), '{}', now(), now(), 'replaced', NULL, now(), ''; COMMIT");
    return sql("SELECT md5 FROM keys WHERE rfingerprint = reverse('" + fingerprint + "')");
  }

  const std::string known = made_up_fingerprint(1);
};

TEST_F(Policy, AcceptsAllKeysAtFirst) {
  EXPECT_TRUE(store(made_up_fingerprint(2)));
  EXPECT_TRUE(update(known, "new"));
  EXPECT_TRUE(keep(Uploads::all));
  EXPECT_TRUE(store(made_up_fingerprint(3)));
}

TEST_F(Policy, AcceptsOnlyUpdates) {
  EXPECT_TRUE(keep(Uploads::updates, {made_up_fingerprint(4)}));
  EXPECT_FALSE(store(made_up_fingerprint(2)));
  EXPECT_TRUE(update(known, "new"));
  EXPECT_EQ(replace(known), "replaced");
  EXPECT_TRUE(store(made_up_fingerprint(4))) << "a key of an administrator";
  EXPECT_TRUE(keep(Uploads::all));
  EXPECT_TRUE(store(made_up_fingerprint(2)));
}

TEST_F(Policy, AcceptsNothing) {
  EXPECT_TRUE(keep(Uploads::none));
  EXPECT_FALSE(store(made_up_fingerprint(2)));
  EXPECT_FALSE(update(known, "new"));
  EXPECT_EQ(replace(known), "replaced") << "requests of administrators work";
  EXPECT_FALSE(store(made_up_fingerprint(2))) << "the replacement allowed only its own key";
  EXPECT_EQ(sql("UPDATE keys SET idxtime = now() RETURNING 'refreshed'"), "refreshed");
  EXPECT_TRUE(keep(Uploads::none, {known, made_up_fingerprint(2)}));
  EXPECT_TRUE(update(known, "newer")) << "a key of an administrator";
  EXPECT_TRUE(store(made_up_fingerprint(2)));
}

TEST_F(Policy, HoldsForATransactionThatBeganEarlier) {
  const auto load = run_beside("BEGIN; SELECT pg_sleep(2); INSERT INTO keys SELECT reverse('" +
                               made_up_fingerprint(2) +
                               "'), '{}', now(), now(), 'late', NULL, now(), ''; COMMIT");
  EXPECT_TRUE(keep(Uploads::none));
  ASSERT_TRUE(load->wait(std::chrono::seconds(20)));
  EXPECT_EQ(sql("SELECT count(*) FROM keys"), "1");
}

TEST_F(Policy, IsAddedToTheBlockListOfAnEarlierCharm) {
  sql("DROP TABLE upload_policy; DROP FUNCTION refuse_upload CASCADE");
  EXPECT_TRUE(keep(Uploads::updates));
  EXPECT_FALSE(store(made_up_fingerprint(2)));
  EXPECT_EQ(KeyDatabase(target(), 5).statistics().uploads, "updates");
}

TEST_F(Policy, WaitsForTheTablesOfTheKeyserver) {
  sql("DROP TABLE keys CASCADE; DROP TABLE subkeys CASCADE");
  EXPECT_FALSE(keep(Uploads::none));
  make_hockeypuck_tables();
  EXPECT_TRUE(keep(Uploads::none));
  EXPECT_FALSE(store(made_up_fingerprint(2)));
}

TEST_F(Schema, IsNotFooledByTheSearchPathOfASession) {
  make_hockeypuck_tables();
  KeyDatabase database(target(), 5);
  database.prepare();
  database.block({made_up_fingerprint(1)}, "", "me");
  EXPECT_EQ(sql("CREATE SCHEMA other; CREATE TABLE other.blocked_keys (fingerprint text);"
                "CREATE FUNCTION other.reverse(text) RETURNS text LANGUAGE sql AS 'SELECT $1';"
                "CREATE TEMPORARY TABLE blocked_keys (fingerprint text);"
                "SET search_path = pg_temp, other, pg_catalog;"
                "INSERT INTO public.keys SELECT pg_catalog.reverse('" +
                made_up_fingerprint(1) +
                "'), '{}', now(), now(), '', NULL, now(), '' RETURNING 'stored'"),
            "");
}

TEST_F(Schema, IsLeftAloneWhenItIsComplete) {
  make_hockeypuck_tables();
  make_deleted_keys();
  prepare();
  const std::string before = versions();
  const std::string list = blocked();
  // This lock prevents any change of the tables.
  const auto reader = run_beside(
      "BEGIN; LOCK keys, subkeys, blocked_keys, deleted_keys IN ACCESS"
      " SHARE MODE; SELECT pg_sleep(30)");
  EXPECT_TRUE(prepare());
  EXPECT_EQ(versions(), before);
  EXPECT_EQ(blocked(), list);
}

TEST_F(Schema, IsMended) {
  make_hockeypuck_tables();
  KeyDatabase database(target(), 5);
  database.prepare();
  database.block({made_up_fingerprint(1)}, "", "me");
  const std::string blind_function =
      "CREATE OR REPLACE FUNCTION refuse_blocked_key() RETURNS trigger LANGUAGE plpgsql AS"
      " 'BEGIN RETURN NEW; END'";
  for (const std::string& damage :
       {std::string("ALTER TABLE keys DISABLE TRIGGER ALL"),
        std::string("DROP TRIGGER refuse_blocked_key ON keys"),
        std::string("DROP FUNCTION refuse_blocked_key CASCADE"), blind_function,
        std::string("DROP TRIGGER refuse_update ON keys"), std::string("DROP TABLE upload_policy"),
        std::string("DROP TABLE keys CASCADE; DROP TABLE subkeys")}) {
    sql(damage);
    if (damage.starts_with("DROP TABLE keys")) {
      make_hockeypuck_tables();
    }
    EXPECT_TRUE(database.prepare()) << damage;
    EXPECT_FALSE(store(made_up_fingerprint(1))) << damage;
  }
}

TEST_F(Schema, IsMadeByManyAtOnce) {
  make_hockeypuck_tables();
  make_deleted_keys();
  std::atomic<int> enforced = 0;
  std::vector<std::thread> units;
  units.reserve(6);
  for (int unit = 0; unit < 6; ++unit) {
    units.emplace_back([&] { enforced += prepare() ? 1 : 0; });
  }
  for (std::thread& unit : units) {
    unit.join();
  }
  EXPECT_EQ(enforced, 6);
  EXPECT_EQ(sql("SELECT count(*) FROM blocked_keys"), "3");
  EXPECT_EQ(sql("SELECT count(*) FROM pg_indexes WHERE indexname = 'subkeys_rfingerprint'"), "1");
}

TEST_F(Schema, TakesTheListOfThePythonCharmOverOnce) {
  make_deleted_keys();
  const std::string list = sql("SELECT * FROM deleted_keys ORDER BY 1");
  prepare();
  EXPECT_EQ(blocked(), made_up_fingerprint(3, 64) + "||deleted_keys\n" + made_up_fingerprint(1) +
                           "|R1234|deleted_keys\n" + made_up_fingerprint(2) +
                           "|two lines|deleted_keys");
  KeyDatabase(target(), 5).unblock({made_up_fingerprint(1)});
  prepare();
  EXPECT_TRUE(KeyDatabase(target(), 5).blocked_among({made_up_fingerprint(1)}).empty());
  EXPECT_EQ(sql("SELECT * FROM deleted_keys ORDER BY 1"), list);
}

TEST_F(Schema, TakesNoOtherTableOfThatNameOver) {
  sql("CREATE TABLE deleted_keys (id integer)");
  EXPECT_FALSE(prepare());
  EXPECT_EQ(blocked(), "");
}

}  // namespace
}  // namespace charm::postgres
