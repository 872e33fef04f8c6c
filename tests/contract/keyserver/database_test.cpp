// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/keyserver/keyserver_test.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace contract {
namespace {

constexpr int failure = 1;

class Database : public KeyserverTest {
 protected:
  void dsn(const std::string& text) {
    keyserver().settings.sections["openpgp.db"]["dsn"] = quoted(text);
  }

  /// Sets a DSN with the right role and database; `more` are further keywords.
  void dsn_with(const std::string& more) {
    dsn("dbname=postgres user=hkp_owner password=" + dsn_quoted(Keyserver::password) +
        " connect_timeout=5 port=" + std::to_string(cluster().port()) + " " + more);
  }

  int start_with(const std::string& more) {
    dsn_with(more);
    return keyserver().exit_code_of_start();
  }
};

FOR_EVERY_KEYSERVER(Database);

TEST_P(Database, MustBeThereAtTheStart) {
  cluster().stop();
  EXPECT_EQ(keyserver().exit_code_of_start(), failure);
  cluster().start();
  keyserver().start();
}

TEST_P(Database, MayGoAwayAndComeBack) {
  keyserver().start();
  add("key01_ed25519");
  cluster().stop();
  EXPECT_EQ(keyserver().get("/pks/health").status, 200);
  EXPECT_EQ(keyserver().get("/pks/stats").status, 200);
  EXPECT_EQ(status_of(fingerprint::key01), 500);
  EXPECT_EQ(status_of(fingerprint::key02), 500);
  EXPECT_EQ(lookup("index", "alice@example.com").status, 500);
  EXPECT_EQ(keyserver().post("/pks/add", {{"keytext", key_text("key02_ed25519_multiuid")}}).status,
            500);
  cluster().start();
  EXPECT_EQ(status_of(fingerprint::key01), 200);
  add("key02_ed25519_multiuid");
  cluster().restart();
  EXPECT_EQ(status_of(fingerprint::key02), 200);
}

TEST_P(Database, KeepsKeysOverARestartOfTheKeyserver) {
  keyserver().start();
  add("key01_ed25519");
  keyserver().stop(SIGTERM);
  keyserver().start();
  EXPECT_EQ(status_of(fingerprint::key01), 200);
}

TEST_P(Database, HasTheTablesOfHockeypuck) {
  keyserver().start();
  EXPECT_EQ(sql("SELECT table_name || '.' || column_name, data_type, is_nullable,"
                " column_default IS NULL FROM information_schema.columns"
                " WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"),
            "keys.rfingerprint|text|NO|t\n"
            "keys.doc|jsonb|NO|t\n"
            "keys.ctime|timestamp with time zone|NO|t\n"
            "keys.mtime|timestamp with time zone|NO|t\n"
            "keys.md5|text|NO|t\n"
            "keys.keywords|tsvector|YES|t\n"
            "keys.idxtime|timestamp with time zone|NO|t\n"
            "keys.vfingerprint|text|NO|t\n"
            "pks_status.addr|text|NO|t\n"
            "pks_status.last_sync|timestamp with time zone|YES|t\n"
            "pks_status.last_error|text|YES|t\n"
            "subkeys.rfingerprint|text|NO|t\n"
            "subkeys.rsubfp|text|NO|t\n"
            "subkeys.vsubfp|text|NO|t\n"
            "userids.rfingerprint|text|NO|t\n"
            "userids.uidstring|text|NO|t\n"
            "userids.identity|text|YES|t\n"
            "userids.confidence|integer|NO|t");
  EXPECT_EQ(sql("SELECT string_agg(indexname, ' ' ORDER BY indexname COLLATE \"C\") FROM pg_indexes"
                " WHERE schemaname = 'public'"),
            "keys_ctime keys_idxtime keys_keywords keys_md5_key keys_mtime keys_pkey keys_rfp "
            "keys_vfp pks_status_pkey subkeys_pkey subkeys_rfp subkeys_vfp userids_identity "
            "userids_pkey");
  EXPECT_EQ(sql("SELECT string_agg(conname, ' ' ORDER BY conname COLLATE \"C\") FROM pg_constraint"
                " WHERE contype = 'f'"),
            "subkeys_rfingerprint_fkey userids_rfingerprint_fkey");
}

TEST_P(Database, NeedsTheRightToMakeTables) {
  cluster().psql("ALTER SCHEMA public OWNER TO postgres");
  EXPECT_EQ(keyserver().exit_code_of_start(), failure);
}

TEST_P(Database, TakesHostilePasswordsInQuotes) {
  const std::string password = "pa ss'w\\ord\"{{ .X }}%41";
  cluster().psql("ALTER ROLE hkp_owner PASSWORD 'pa ss''w\\ord\"{{ .X }}%41'");
  dsn("dbname='postgres' host='127.0.0.1' port='" + std::to_string(cluster().port()) +
      "' user='hkp_owner' password=" + dsn_quoted(password) + " sslmode='disable'");
  keyserver().start();
  add("key01_ed25519");
}

TEST_P(Database, FailsOnAWrongPasswordWithoutTellingIt) {
  EXPECT_EQ(start_with("host=127.0.0.1 sslmode=disable password=sesame"), failure);
  EXPECT_EQ(keyserver().log().find("sesame"), std::string::npos) << keyserver().log();
}

TEST_P(Database, IsReachedOverTlsUnlessToldOtherwise) {
  EXPECT_EQ(start_with("host=127.0.0.1"), failure);
  cluster().make_tls();
  cluster().require_tls();
  dsn_with("host=127.0.0.1");
  keyserver().start();
  EXPECT_EQ(sql("SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                " WHERE usename = 'hkp_owner'"),
            "t");
  keyserver().stop(SIGTERM);
  EXPECT_EQ(start_with("host=127.0.0.1 sslmode=disable"), failure);
}

TEST_P(Database, MustProveItselfWhenVerified) {
  cluster().make_tls({"DNS:localhost"});
  const std::string right = " sslrootcert=" + cluster().ca_certificate().string();
  const std::string wrong = " sslrootcert=" + cluster().wrong_ca_certificate().string();
  EXPECT_EQ(start_with("host=localhost sslmode=verify-full" + wrong), failure);
  EXPECT_EQ(start_with("host=127.0.0.1 sslmode=verify-full" + right), failure);
  EXPECT_EQ(start_with("host=localhost sslmode=verify-ca" + wrong), failure);
  EXPECT_EQ(start_with("host=localhost sslmode=require" + wrong), failure);
  EXPECT_EQ(start_with("host=localhost sslmode=verify-full sslrootcert=/nowhere"), failure);
  dsn_with("host=127.0.0.1 sslmode=verify-ca" + right);
  keyserver().start();
  keyserver().stop(SIGTERM);
  dsn_with("host=localhost sslmode=verify-full" + right);
  keyserver().start();
  add("key01_ed25519");
}

TEST_P(Database, IsSharedByKeyserversThatSeeEachOthersKeys) {
  keyserver().start();
  Keyserver other(GetParam(), cluster());
  other.start();
  add("key01_ed25519");
  EXPECT_EQ(other.get(std::string("/pks/lookup?op=get&search=0x") + fingerprint::key01).status,
            200);
}

}  // namespace
}  // namespace contract
