// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/partners/partner_test.hpp"
#include "tests/support/eventually.hpp"

#include <nlohmann/json.hpp>

#include <set>

namespace postgresql_live_test {

using nlohmann::json;

const std::string application = "postgresql-k8s";
const std::string primary_host = "postgresql-k8s-primary.partners.svc.cluster.local";

/// A model with the partner and its client, run by the real `rehearse`.
class PostgresqlPartner : public test::LiveModel {
 protected:
  PostgresqlPartner() : LiveModel("partners") {}

  void SetUp() override {
    LiveModel::SetUp();
    if (IsSkipped()) {
      return;
    }
    deploy_partner("postgresql-k8s");
    deploy_counterpart("client");
  }

  void integrate() const { rehearse({"integrate", "client", application}); }

  /// A file with the data that the client last read.
  json client_file(const std::string& name) const {
    const test::CommandResult result =
        attempt({"exec", "client/0", "--", "cat",
                 "/var/lib/juju/agents/unit-client-0/charm/" + name + ".json"});
    return result.status == 0 ? json::parse(result.output) : json();
  }

  struct Query {
    std::string sql = "SELECT 'works'";
    std::string host = primary_host;
    std::string database = "shop";
    std::string ssl_mode = "verify-full";
  };

  /// Runs psql in the client's pod with the client's credentials.
  test::CommandResult psql(const Query& query) const {
    const json user = client_file("secret-user");
    const json tls = client_file("secret-tls");

    const std::string script = "cat > /tmp/ca.pem <<'END'\n" + tls.value("tls-ca", "") +
                               "END\nPGPASSWORD=" + user.value("password", "") +
                               " PGSSLROOTCERT=/tmp/ca.pem psql -At \"host=" + query.host +
                               " user=" + user.value("username", "") + " dbname=" + query.database +
                               " connect_timeout=5 sslmode=" + query.ssl_mode + "\" -c \"" +
                               query.sql + "\"";
    return attempt({"exec", "client/0", "--", "sh", "-c", script});
  }

  bool connects(const Query& query) const { return psql(query).status == 0; }

  /// The lines of a query by the superuser on a unit's own server.
  std::string superuser(const std::string& unit, const std::string& sql,
                        const std::string& database = "postgres") const {
    return rehearse({"run", "--string-args", unit, "sql", "query=" + sql, "database=" + database});
  }
};

std::set<std::string> keys_of(const json& object) {
  std::set<std::string> keys;
  for (const auto& [key, value] : object.items()) {
    keys.insert(key);
  }
  return keys;
}

std::set<std::string> recorded_keys(const std::string& name) {
  return keys_of(test::sample(name).at("app"));
}

TEST_F(PostgresqlPartner, AnswersWithTheKeysOfTheOriginal) {
  integrate();
  EXPECT_EQ(keys_of(client_file("answer")), recorded_keys("postgresql_client_provider_pg14_tls"));
  EXPECT_EQ(keys_of(client_file("secret-user")),
            (std::set<std::string>{"username", "password", "uris", "read-only-uris"}));
  EXPECT_EQ(keys_of(client_file("secret-tls")), (std::set<std::string>{"tls", "tls-ca"}));
  EXPECT_EQ(client_file("answer")["endpoints"], primary_host + ":5432");
  EXPECT_EQ(client_file("answer")["read-only-endpoints"], primary_host + ":5432");
}

TEST_F(PostgresqlPartner, LetsTheUserIntoItsDatabaseWithAndWithoutTls) {
  integrate();
  const test::CommandResult answer = psql(
      {.sql = "CREATE TABLE things(name text); INSERT INTO things VALUES ('one'); TABLE things"});
  EXPECT_EQ(answer.output, "CREATE TABLE\nINSERT 0 1\none\n") << answer.error;
  EXPECT_TRUE(connects({.ssl_mode = "disable"}));
  EXPECT_FALSE(connects({.database = "postgres"}));
  rehearse({"config", application, "plain=false"});
  EXPECT_TRUE(connects({}));
  EXPECT_FALSE(connects({.ssl_mode = "disable"}));
  rehearse({"config", application, "tls=false"});
  EXPECT_EQ(client_file("secret-tls"), json({{"tls", "False"}}));
  EXPECT_TRUE(connects({.ssl_mode = "disable"}));
}

TEST_F(PostgresqlPartner, KeepsTheDatabaseForTheNextRelation) {
  integrate();
  EXPECT_TRUE(connects({.sql = "CREATE TABLE things(name text)"}));
  const std::string first = client_file("secret-user")["username"];
  rehearse({"remove-relation", "client", application});
  const std::string unit = application + "/0";
  EXPECT_EQ(superuser(unit, "SELECT count(*) FROM pg_roles WHERE rolname ~ '^relation'"),
            "rows: \"0\"\n");
  EXPECT_EQ(superuser(unit, "SELECT tableowner FROM pg_tables WHERE tablename = 'things'", "shop"),
            "rows: operator\n");
  integrate();
  EXPECT_NE(client_file("secret-user")["username"], first);
  EXPECT_TRUE(connects({.sql = "ALTER TABLE things ADD COLUMN size int"})) << "it is the owner";
}

TEST_F(PostgresqlPartner, ForgetsTheUserOfATemplate) {
  rehearse({"config", "client", "database=template1"});
  integrate();
  EXPECT_TRUE(connects({.database = "template1"}));
  rehearse({"remove-relation", "client", application});
  EXPECT_EQ(rehearse({"status"}).find("hook failed"), std::string::npos);
  EXPECT_EQ(
      superuser(application + "/0", "SELECT count(*) FROM pg_roles WHERE rolname ~ '^relation'"),
      "rows: \"0\"\n");
}

TEST_F(PostgresqlPartner, PutsABackupInThePlaceOfAllDatabases) {
  const std::string unit = application + "/0";
  superuser(unit, "CREATE DATABASE kept");
  EXPECT_EQ(rehearse({"run", unit, "create-backup"}), "backup-status: backup created\n");
  superuser(unit, "DROP DATABASE kept");
  superuser(unit, "CREATE DATABASE later");
  const std::string listed = rehearse({"run", unit, "list-backups"});
  const std::string id =
      listed.substr(listed.find("20"), std::string("2026-01-01T00:00:00Z").size());
  EXPECT_NE(attempt({"run", unit, "restore", "backup-id=2001-01-01T00:00:00Z"}).status, 0);
  EXPECT_EQ(rehearse({"run", unit, "restore", "backup-id=" + id}),
            "restore-status: restore started\n");
  EXPECT_EQ(superuser(unit, "SELECT datname FROM pg_database WHERE datname IN ('kept', 'later')"),
            "rows: kept\n");
  rehearse({"scale-application", application, "2"});
  EXPECT_NE(attempt({"run", unit, "restore", "backup-id=" + id}).status, 0);
}

TEST_F(PostgresqlPartner, LeavesToTheSuperuserWhatItPutsIntoADatabaseLater) {
  integrate();
  superuser(application + "/0", "CREATE TABLE things()", "shop");
  rehearse({"advance", "5m"});
  EXPECT_FALSE(connects({.sql = "TABLE things"}));
}

TEST_F(PostgresqlPartner, RotatesPasswordsAndAuthoritiesInTheSecretsAlone) {
  integrate();
  const json answer = client_file("answer");
  const std::string first = client_file("secret-user")["password"];
  rehearse({"run", application + "/leader", "rotate-password"});
  EXPECT_NE(client_file("secret-user")["password"], first);
  EXPECT_TRUE(connects({}));
  rehearse({"run", application + "/leader", "set-wrong-ca"});
  EXPECT_NE(psql({}).error.find("certificate verify failed"), std::string::npos);
  rehearse({"run", application + "/leader", "restore-ca"});
  EXPECT_TRUE(connects({}));
  EXPECT_EQ(client_file("answer"), answer) << "the databag never changed";
}

TEST_F(PostgresqlPartner, FailsOverToItsStandby) {
  rehearse({"scale-application", application, "2"});
  integrate();
  EXPECT_TRUE(connects({.sql = "CREATE TABLE things AS SELECT 1 AS number"}));
  const Query replicated{.sql = "SELECT number, pg_is_in_recovery() FROM things",
                         .host = "postgresql-k8s-replicas.partners.svc.cluster.local"};
  ASSERT_TRUE(test::eventually([&] { return psql(replicated).output == "1|t\n"; }));
  const json answer = client_file("answer");
  rehearse({"run", application + "/0", "stop-database"});
  EXPECT_FALSE(connects({}));
  rehearse({"run", application + "/1", "failover"});
  EXPECT_EQ(psql({.sql = "SELECT number, pg_is_in_recovery() FROM things"}).output, "1|f\n");
  EXPECT_EQ(client_file("answer"), answer) << "only the service moved";
  rehearse({"run", application + "/0", "start-database"});
  EXPECT_EQ(superuser(application + "/0", "SELECT pg_is_in_recovery()"), "rows: t\n");
}

TEST_F(PostgresqlPartner, PublishesTheAddressOfTheNewPrimaryWhenAskedTo) {
  rehearse({"scale-application", application, "2"});
  rehearse({"config", application, "publish=address"});
  integrate();
  const json before = client_file("answer");
  rehearse({"run", application + "/1", "failover"});
  const json after = client_file("answer");
  EXPECT_EQ(after["endpoints"], before["read-only-endpoints"]);
  EXPECT_EQ(after["read-only-endpoints"], before["endpoints"]);
  std::string host = after["endpoints"];
  EXPECT_TRUE(connects({.host = host.substr(0, host.find(':'))})) << "the certificate names it";
}

TEST_F(PostgresqlPartner, AnswersInPlainTextWhenNoSecretsAreRequested) {
  rehearse({"config", "client", "requested-secrets={}"});
  integrate();
  std::set<std::string> expected =
      recorded_keys("postgresql_client_provider_pg14_legacy_plain_tls");
  EXPECT_EQ(keys_of(client_file("answer")), expected);
  EXPECT_EQ(client_file("answer")["tls"], "True");
}

TEST_F(PostgresqlPartner, FailsItsHookWhereTheOriginalDoes) {
  rehearse({"config", "client", "requested-secrets=username,password"});
  attempt({"integrate", "client", application});
  EXPECT_NE(rehearse({"status"}).find("hook failed: \"database-relation-changed\""),
            std::string::npos);
}

TEST_F(PostgresqlPartner, FailsItsHookWhenTheRolesChange) {
  rehearse({"config", "client", "extra-user-roles=createdb"});
  integrate();
  EXPECT_TRUE(connects({.sql = "CREATE DATABASE another"}));
  attempt({"config", "client", "extra-user-roles=createrole"});
  EXPECT_NE(rehearse({"status"}).find("hook failed: \"database-relation-changed\""),
            std::string::npos);
}

TEST_F(PostgresqlPartner, OutlivesItsPods) {
  integrate();
  EXPECT_TRUE(connects({.sql = "CREATE TABLE things AS SELECT 1 AS number"}));
  rehearse({"delete-pod", application + "/0"});
  EXPECT_EQ(psql({.sql = "TABLE things"}).output, "1\n");
  rehearse({"restart-container", application + "/0", "postgresql"});
  EXPECT_EQ(psql({.sql = "TABLE things"}).output, "1\n");
}

}  // namespace postgresql_live_test
