// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "databags.hpp"
#include "registry.hpp"

#include <gtest/gtest.h>

namespace postgresql_client_broken_answer_test {

using charm::Database;
using charm::Facts;
using charm::Snapshot;
using charm::SslMode;
using charm::StatusKind;

const charm::RelationHandler& client = charm::postgresql_client;

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

}  // namespace postgresql_client_broken_answer_test
