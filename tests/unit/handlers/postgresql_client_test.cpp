// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "databags.hpp"
#include "registry.hpp"
#include "tests/unit/options/read_options.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>

namespace postgresql_client_test {

using charm::Database;
using charm::Facts;
using charm::Relation;
using charm::Snapshot;
using charm::SslMode;
using charm::StatusKind;

constexpr auto certificate =
    "-----BEGIN CERTIFICATE-----\nMIIB(example, not a real certificate)\n-----END CERTIFICATE-----";
constexpr auto requested_secrets =
    R"(["username","password","tls","tls-ca","uris","read-only-uris"])";
constexpr auto primary = "postgresql-k8s-primary.keyserver.svc.cluster.local";

const charm::RelationHandler& client = charm::postgresql_client;

Database at(const std::string& host, std::uint16_t port = 5432) {
  return {.host = host,
          .port = port,
          .name = "hockeypuck-k8s",
          .user = "relation_id_7",
          .password = "yXhN2bq0WvKc9RtL"};
}

Database secured(Database database) {
  database.ssl_mode = SslMode::verify_full;
  database.ca = certificate;
  return database;
}

Facts waiting(const std::string& message) {
  return {.statuses = {{StatusKind::waiting, message}}};
}

Relation answered(int id, const std::string& host) {
  return {.id = id,
          .endpoint = "database",
          .remote_app = "postgresql-k8s",
          .remote_app_data = {{"database", "hockeypuck-k8s"},
                              {"endpoints", host},
                              {"username", "relation_id_7"},
                              {"password", "yXhN2bq0WvKc9RtL"}},
          .local_app_data = charm::Databag{}};
}

Relation silent(int id) {
  return {.id = id,
          .endpoint = "database",
          .remote_app = "postgresql-k8s",
          .local_app_data = charm::Databag{}};
}

TEST(PostgresqlClient, TellsHowToGetADatabase) {
  const Facts expected{
      .statuses = {
          {StatusKind::blocked, "no database: run juju integrate hockeypuck-k8s postgresql-k8s"}}};
  EXPECT_EQ(test::learned(client, test::with({})), expected);
  auto snapshot = test::with({});
  snapshot.unit.app = "keys";
  EXPECT_EQ(test::learned(client, snapshot).statuses.front().message,
            "no database: run juju integrate keys postgresql-k8s");
}

TEST(PostgresqlClient, ReadsTheAnswerOfEveryKnownProvider) {
  const std::vector<Database> plain = {at(primary)};
  const std::map<std::string, Facts> expected = {
      {"endpoints_before_credentials",
       waiting("waiting for postgresql-k8s to create the database")},
      {"not_ready", waiting("waiting for postgresql-k8s to create the database")},
      {"pg14_legacy_plain", {.databases = plain}},
      {"pg14_legacy_plain_tls", {.databases = {secured(at(primary))}}},
      {"pg14_partial_secrets", {.databases = plain}},
      {"pg14_secrets", {.databases = plain}},
      {"pg14_single_unit", {.databases = plain}},
      {"pg14_tls", {.databases = {secured(at(primary))}}},
      {"pgbouncer_multi_endpoint",
       {.databases = {at("10.20.0.11", 31432), at("10.20.0.12", 31432), at("10.20.0.13", 31432)}}},
      {"subordinated_not_ready", waiting("waiting for postgresql-k8s to become ready")},
      {"subordinated_ready", {.databases = plain}},
      {"v1_lib_to_v0_requirer", {.databases = plain}},
      // This sample answers only requests in version 1, which the charm never makes.
      {"v1_to_v1", waiting("waiting for postgresql-k8s to create the database")},
      {"vm_after_failover", {.databases = {at("10.20.30.41")}}},
  };
  // The samples that were made from `pg14_secrets` by hand share its secrets.
  const auto secrets =
      test::with_sample("database", "postgresql-k8s", "postgresql_client_provider_pg14_secrets")
          .secrets;
  for (const auto& [name, facts] : expected) {
    auto snapshot =
        test::with_sample("database", "postgresql-k8s", "postgresql_client_provider_" + name);
    snapshot.secrets.insert(secrets.begin(), secrets.end());
    EXPECT_EQ(test::learned(client, snapshot), facts) << name;
  }
}

TEST(PostgresqlClient, FollowsASecretThatChanges) {
  auto snapshot =
      test::with_sample("database", "postgresql-k8s", "postgresql_client_provider_pg14_tls");
  snapshot.secrets["secret:d1v3k2t8qf4c71hpuk00"]["password"] = "rotated";
  snapshot.secrets["secret:d1v3k2t8qf4c70hpuk00"] = {{"tls", "False"}};
  auto database = at(primary);
  database.password = "rotated";
  EXPECT_EQ(test::learned(client, snapshot), Facts{.databases = {database}});
}

TEST(PostgresqlClient, WaitsForBothSecretsToBeGranted) {
  for (const auto* const uri : {"secret:d1v3k2t8qf4c71hpuk00", "secret:d1v3k2t8qf4c70hpuk00"}) {
    auto snapshot =
        test::with_sample("database", "postgresql-k8s", "postgresql_client_provider_pg14_tls");
    ASSERT_EQ(snapshot.secrets.erase(uri), 1U);
    EXPECT_EQ(test::learned(client, snapshot),
              waiting("waiting for postgresql-k8s to grant its secret"))
        << uri;
  }
}

TEST(PostgresqlClient, ReadsEveryFormOfEndpoint) {
  const auto snapshot = test::with({answered(
      7,
      "a.example, b.example:6432 ,[fd00::7]:5433,[fd00::8],10.0.0.1:1,a.example:5432,10.0.0.1:1")});
  const Facts expected{.databases = {at("a.example"), at("b.example", 6432), at("fd00::7", 5433),
                                     at("fd00::8"), at("10.0.0.1", 1)}};
  EXPECT_EQ(test::learned(client, snapshot), expected);
}

TEST(PostgresqlClient, SecuresTheConnectionAsTheProviderSays) {
  struct Case {
    std::string tls;
    std::string ca;
    SslMode mode;
  };

  for (const auto& [tls, ca, mode] : std::vector<Case>{{"", "", SslMode::disable},
                                                       {"", "CA", SslMode::disable},
                                                       {"False", "", SslMode::disable},
                                                       {"false", "CA", SslMode::disable},
                                                       {"FALSE", "", SslMode::disable},
                                                       {"True", "", SslMode::require},
                                                       {"true", " \n", SslMode::require},
                                                       {" TRUE\n", "CA", SslMode::verify_full},
                                                       {"true", "CA", SslMode::verify_full}}) {
    auto snapshot = test::with({answered(7, "db")});
    snapshot.relations[0].remote_app_data["tls"] = tls;
    snapshot.relations[0].remote_app_data["tls-ca"] = ca;
    auto database = at("db");
    database.ssl_mode = mode;
    database.ca = mode == SslMode::verify_full ? ca : "";
    EXPECT_EQ(test::learned(client, snapshot), Facts{.databases = {database}}) << tls << "|" << ca;
  }
}

TEST(PostgresqlClient, TakesTheNameFromTheProviderThenFromTheRequestThenFromTheOption) {
  auto snapshot = test::with({answered(7, "db")});
  auto& relation = snapshot.relations[0];
  auto database = at("db");
  relation.remote_app_data["database"] = "renamed";
  relation.local_app_data = charm::Databag{{"database", "keys"}};
  database.name = "renamed";
  EXPECT_EQ(test::learned(client, snapshot, {.database_name = "keys"}),
            Facts{.databases = {database}});
  relation.remote_app_data.erase("database");
  database.name = "keys";
  EXPECT_EQ(test::learned(client, snapshot, {.database_name = "keys"}),
            Facts{.databases = {database}});
  relation.local_app_data.reset();
  database.name = "option";
  EXPECT_EQ(test::learned(client, snapshot, {.database_name = "option"}),
            Facts{.databases = {database}});
}

TEST(PostgresqlClient, AsksForADatabaseOnce) {
  const auto snapshot = test::with({silent(7)});
  const std::vector<charm::Publication> expected = {
      {.relation = 7,
       .data = {{"database", "hockeypuck-k8s"}, {"requested-secrets", requested_secrets}}}};
  EXPECT_EQ(test::published(client, snapshot), expected);
  EXPECT_EQ(test::learned(client, snapshot),
            waiting("waiting for postgresql-k8s to create the database"));

  auto afterwards = snapshot;
  afterwards.relations[0].local_app_data = expected[0].data;
  EXPECT_EQ(test::published(client, afterwards), expected);
}

TEST(PostgresqlClient, AsksAsTheProviderWasTriedWith) {
  const auto ours = test::published(client, test::with({silent(7)})).at(0).data;
  const auto recommended = test::sample_bag("postgresql_client_requirer_recommended");
  EXPECT_EQ(ours.at("database"), recommended.at("database"));
  EXPECT_EQ(nlohmann::json::parse(ours.at("requested-secrets")),
            nlohmann::json::parse(recommended.at("requested-secrets")));
  EXPECT_EQ(ours.size(), recommended.size());
}

TEST(PostgresqlClient, LearnsOnEveryUnit) {
  auto snapshot = test::with({answered(7, "db")});
  snapshot.unit = test::other_unit();
  snapshot.relations[0].local_app_data.reset();
  EXPECT_EQ(test::learned(client, snapshot), Facts{.databases = {at("db")}});
}

TEST(PostgresqlClient, NeverChangesTheNameThatItAskedFor) {
  auto snapshot = test::with({answered(7, "db")});
  snapshot.relations[0].local_app_data = charm::Databag{{"database", "hockeypuck-k8s"}};
  const charm::Settings settings{.database_name = "keys"};
  const std::vector<charm::Publication> expected = {
      {.relation = 7,
       .data = {{"database", "hockeypuck-k8s"}, {"requested-secrets", requested_secrets}}}};
  EXPECT_EQ(test::published(client, snapshot, settings), expected);
  const Facts facts{
      .databases = {at("db")},
      .statuses = {
          {StatusKind::blocked,
           "re-create the database relation, or set database-name back to hockeypuck-k8s"}}};
  EXPECT_EQ(test::learned(client, snapshot, settings), facts);
}

TEST(PostgresqlClient, AsksForTheNameOfTheOption) {
  const auto publications =
      test::published(client, test::with({silent(7)}), {.database_name = "keys"});
  EXPECT_EQ(publications.at(0).data.at("database"), "keys");
}

TEST(PostgresqlClient, AsksForNoNewDatabaseWhileTheOptionIsWrong) {
  const test::ReadOptions read("database-name", std::string("postgres"));
  EXPECT_TRUE(read.complaint().starts_with("option database-name")) << read.complaint();
  auto snapshot = test::with({answered(7, "db"), silent(9)});
  snapshot.relations[0].local_app_data = charm::Databag{{"database", "keys"}};
  const std::vector<charm::Publication> expected = {
      {.relation = 7, .data = {{"database", "keys"}, {"requested-secrets", requested_secrets}}}};
  EXPECT_EQ(test::published(client, snapshot, read.settings), expected);
}

TEST(PostgresqlClient, UsesTheLowestCompleteOfTwoRelations) {
  const std::string warning = ", database: used alone of 2 relations of this endpoint";
  EXPECT_EQ(test::learned(client, test::with({answered(9, "new"), answered(7, "old")})),
            (Facts{.databases = {at("old")}, .warnings = {"relation 7 (database)" + warning}}));
  EXPECT_EQ(test::learned(client, test::with({silent(7), answered(9, "new")})),
            (Facts{.databases = {at("new")}, .warnings = {"relation 9 (database)" + warning}}));
  auto neither = waiting("waiting for postgresql-k8s to create the database");
  neither.warnings = {"relation 7 (database)" + warning};
  EXPECT_EQ(test::learned(client, test::with({silent(9), silent(7)})), neither);
}

TEST(PostgresqlClient, ShowsWhatTheProviderReportsOfItself) {
  auto snapshot = test::with({silent(7)});
  snapshot.relations[0].remote_app_data["status"] =
      R"([{"code": 1000, "message": "provisioned", "resolution": ""},
          {"code": 4001, "message": "cluster is starting", "resolution": "wait"},
          {"code": 5002, "message": "prefix too\nshort", "resolution": "ask for a longer one"}])";
  const Facts expected{
      .statuses = {
          {StatusKind::waiting, "postgresql-k8s: 4001 cluster is starting wait"},
          {StatusKind::blocked, "postgresql-k8s: 5002 prefix too short ask for a longer one"},
          {StatusKind::waiting, "waiting for postgresql-k8s to create the database"}}};
  EXPECT_EQ(test::learned(client, snapshot), expected);
}

TEST(PostgresqlClient, IgnoresTransitoryReportsOnceTheDatabaseIsThere) {
  auto snapshot = test::with({answered(7, "db")});
  snapshot.relations[0].remote_app_data["status"] =
      R"([{"code": 4001, "message": "cluster is starting", "resolution": "wait"}])";
  EXPECT_EQ(test::learned(client, snapshot), Facts{.databases = {at("db")}});
}

/// A complete answer, with these keys changed.
Snapshot with_changes(const charm::Databag& changes) {
  charm::Databag data = {{"endpoints", "db:5432"}, {"username", "u"}, {"password", "p"}};
  for (const auto& [key, value] : changes) {
    data[key] = value;
  }
  return test::with({{.id = 7,
                      .endpoint = "database",
                      .remote_app = "postgresql-k8s",
                      .remote_app_data = data,
                      .local_app_data = charm::Databag{}}});
}

const Database plain{.host = "db", .name = "hockeypuck-k8s", .user = "u", .password = "p"};

TEST(PostgresqlClientWithABrokenAnswer, LeavesOutEndpointsThatAreNone) {
  for (const std::string bad :
       {":5432", "db:", "db:0", "db:65536", "db:-1", "db:5432x", "db: 5432", "fd00::7:5432",
        "[fd00::7", "[fd00::7]5432", "[fd00::7]:", "[db]:5432", "[]:5432", "d b", "db/x",
        "postgresql://u:p@db:5432/x", "d\xFF", "a:b:c"}) {
    Facts expected{.databases = {plain},
                   .warnings = {"relation 7 (database), endpoints: 1 of the entries not of the "
                                "form host:port or [IPv6]:port, left out"}};
    EXPECT_EQ(test::learned(client, with_changes({{"endpoints", bad + ",db:5432"}})), expected)
        << bad;
    expected.databases.clear();
    expected.statuses = {
        {StatusKind::waiting, "waiting for postgresql-k8s to publish its endpoints"}};
    EXPECT_EQ(test::learned(client, with_changes({{"endpoints", bad}})), expected) << bad;
  }
}

TEST(PostgresqlClientWithABrokenAnswer, WaitsWhenThereIsNoEndpoint) {
  for (const auto* const none : {"", ",", " , ,, "}) {
    const Facts expected{
        .statuses = {{StatusKind::waiting, "waiting for postgresql-k8s to publish its endpoints"}}};
    EXPECT_EQ(test::learned(client, with_changes({{"endpoints", none}})), expected) << none;
  }
}

TEST(PostgresqlClientWithABrokenAnswer, WaitsForCredentialsOfAUsualLength) {
  for (const std::string key : {"username", "password", "database"}) {
    const Facts expected{
        .statuses = {
            {StatusKind::waiting, "waiting for postgresql-k8s to publish shorter credentials"}}};
    EXPECT_EQ(test::learned(client, with_changes({{key, std::string(1025, 'x')}})), expected);
    EXPECT_FALSE(
        test::learned(client, with_changes({{key, std::string(1024, 'x')}})).databases.empty());
  }
}

TEST(PostgresqlClientWithABrokenAnswer, UsesTheFirstSixteenEndpoints) {
  std::string endpoints;
  for (int number = 1; number <= 1000; ++number) {
    endpoints += "db-" + std::to_string(number) + ":5432,";
  }
  const Facts facts = test::learned(client, with_changes({{"endpoints", endpoints}}));
  ASSERT_EQ(facts.databases.size(), 16U);
  EXPECT_EQ(facts.databases.back().host, "db-16");
}

TEST(PostgresqlClientWithABrokenAnswer, DoesNotRepeatACredentialOfAnEndpointInTheLog) {
  const auto facts =
      test::learned(client, with_changes({{"endpoints", "postgresql://u:hunter2@db:5432/x"}}));
  ASSERT_EQ(facts.warnings.size(), 1U);
  EXPECT_EQ(facts.warnings[0].find("hunter2"), std::string::npos);
}

TEST(PostgresqlClientWithABrokenAnswer, NeverTakesAnUnknownWordForTlsAsClearText) {
  for (const auto* const word : {"yes", "1", "None", "\xFF", "{}", "enabled"}) {
    auto secured_database = plain;
    secured_database.ssl_mode = SslMode::require;
    const Facts expected{
        .databases = {secured_database},
        .warnings = {"relation 7 (database), tls: neither true nor false, taken as true"}};
    EXPECT_EQ(test::learned(client, with_changes({{"tls", word}})), expected) << word;
  }
}

TEST(PostgresqlClientWithABrokenAnswer, WaitsForASecretThatIsNone) {
  for (const auto* const key : {"secret-user", "secret-tls"}) {
    const Facts expected{
        .statuses = {{StatusKind::waiting, "waiting for postgresql-k8s to grant its secret"}},
        .warnings = {std::string("relation 7 (database), ") + key + ": not the URI of a secret"}};
    EXPECT_EQ(test::learned(client, with_changes({{key, "relation_id_7"}})), expected) << key;
  }
}

TEST(PostgresqlClientWithABrokenAnswer, WaitsForASecretWithoutCredentials) {
  auto snapshot = with_changes({{"secret-user", "secret:a"}, {"username", ""}, {"password", ""}});
  const Facts expected{
      .statuses = {{StatusKind::waiting, "waiting for postgresql-k8s to create the database"}}};
  for (const charm::Databag& content :
       {charm::Databag{}, charm::Databag{{"username", "u"}}, charm::Databag{{"password", "p"}},
        charm::Databag{{"uris", "postgresql://u:p@db/x"}}}) {
    snapshot.secrets["secret:a"] = content;
    EXPECT_EQ(test::learned(client, snapshot), expected);
  }
}

TEST(PostgresqlClientWithABrokenAnswer, SurvivesAnyStatus) {
  for (const auto& text : test::hostile_texts()) {
    auto facts = test::learned(client, with_changes({{"status", text}}));
    for (const auto& warning : facts.warnings) {
      EXPECT_EQ(warning, "relation 7 (database), status: not a JSON list");
    }
    facts.warnings.clear();
    EXPECT_EQ(facts, Facts{.databases = {plain}}) << text.substr(0, 50);
  }
}

TEST(PostgresqlClientWithABrokenAnswer, IgnoresStatusesThatSayNothing) {
  for (const auto* const entries :
       {"[]", "[[]]", "[null]", "[5000]", "[{}]", R"([{"code": "5000"}])", R"([{"code": 5e3}])",
        R"([{"code": 99999999999999999999}])", R"([{"code": -5000}])", R"([{"code": 6000}])",
        R"([{"message": "x"}])"}) {
    EXPECT_EQ(test::learned(client, with_changes({{"status", entries}})),
              Facts{.databases = {plain}})
        << entries;
  }
}

TEST(PostgresqlClientWithABrokenAnswer, CutsALongStatusAtACharacter) {
  std::string message(199, 'x');
  message += "\u00e9\u00e9";
  const auto facts =
      test::learned(client, with_changes({{"status", R"([{"code": 5000, "message": ")" + message +
                                                         R"(", "resolution": []}])"}}));
  const Facts expected{
      .databases = {plain},
      .statuses = {{StatusKind::blocked, "postgresql-k8s: 5000 " + std::string(199, 'x')}}};
  EXPECT_EQ(facts, expected);
}

TEST(PostgresqlClientWithABrokenAnswer, WaitsForASubordinateUntilAUnitSaysExactlyReady) {
  auto snapshot = with_changes({{"subordinated", "True"}});
  auto& units = snapshot.relations[0].remote_units;
  const Facts expected{
      .statuses = {{StatusKind::waiting, "waiting for postgresql-k8s to become ready"}}};
  EXPECT_EQ(test::learned(client, snapshot), expected);
  units["postgresql-k8s/0"] = {{"state", "starting"}};
  EXPECT_EQ(test::learned(client, snapshot), expected);
  units["postgresql-k8s/1"] = {{"state", "ready"}};
  EXPECT_EQ(test::learned(client, snapshot), Facts{.databases = {plain}});
}

TEST(PostgresqlClientWithABrokenAnswer, NamesNobodyWhenTheOtherSideIsUnknown) {
  auto snapshot = with_changes({{"username", ""}});
  snapshot.relations[0].remote_app.clear();
  const Facts expected{
      .statuses = {{StatusKind::waiting, "waiting for the provider to create the database"}}};
  EXPECT_EQ(test::learned(client, snapshot), expected);
}

}  // namespace postgresql_client_test
