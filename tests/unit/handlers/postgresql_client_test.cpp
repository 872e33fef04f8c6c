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

}  // namespace postgresql_client_test
