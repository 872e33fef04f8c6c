// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/handlers/handler.hpp"
#include "databags.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace registry_test {

using charm::Databag;
using charm::Relation;
using charm::Scope;
using charm::Snapshot;

/// Every endpoint related twice, with the same text in every databag value.
Snapshot full_of(const std::string& text) {
  Snapshot snapshot = test::with({});
  int id = 0;
  for (const auto* handler : charm::handlers()) {
    for (int twice = 0; twice < 2; ++twice) {
      Relation relation{
          .id = ++id, .endpoint = std::string(handler->endpoint), .remote_app = "other"};
      for (const auto* const key :
           {"endpoints", "username", "password", "database", "tls", "tls-ca", "secret-user",
            "secret-tls", "subordinated", "status", "data", "ingress", "event", "external_host",
            "promtail_binary_zip_url", "certificates"}) {
        relation.remote_app_data[key] = text;
      }
      relation.remote_units["other/0"] = {
          {"endpoint", text}, {"state", text}, {"ca", text}, {"chain", text}};
      relation.remote_units[text] = {{"endpoint", text}};
      relation.local_app_data = Databag{{"database", text}};
      snapshot.relations.push_back(relation);
    }
  }
  snapshot.secrets[text] = {{"username", text}, {"password", text}, {"tls", text}};
  return snapshot;
}

TEST(Handlers, ServeEachEndpointOfTheCharmOnceAndThePeersFirst) {
  std::set<std::string_view> endpoints;
  for (const auto* handler : charm::handlers()) {
    EXPECT_TRUE(endpoints.insert(handler->endpoint).second) << handler->endpoint;
  }
  const std::set<std::string_view> expected = {
      "hockeypuck-peers", "database",         "ingress",           "traefik-route",
      "logging",          "metrics-endpoint", "grafana-dashboard", "receive-ca-cert"};
  EXPECT_EQ(endpoints, expected);
  EXPECT_EQ(charm::handlers().front()->endpoint, "hockeypuck-peers");
}

TEST(Handlers, SurviveAnyDatabagAndNameItsRelationInEachWarning) {
  for (const auto& text : test::hostile_texts()) {
    const auto snapshot = full_of(text);
    for (const auto* handler : charm::handlers()) {
      const auto facts = test::learned(*handler, snapshot);
      for (const auto& warning : facts.warnings) {
        EXPECT_EQ(warning.rfind("relation ", 0), 0U) << warning;
        EXPECT_NE(warning.find("(" + std::string(handler->endpoint) + "), "), std::string::npos)
            << warning;
      }
      for (const auto& publication : test::published(*handler, snapshot)) {
        EXPECT_FALSE(publication.data.empty());
      }
    }
  }
}

TEST(Handlers, WriteTheSameBytesEachTime) {
  const auto snapshot = full_of("text");
  for (const auto* handler : charm::handlers()) {
    EXPECT_EQ(test::published(*handler, snapshot), test::published(*handler, snapshot));
  }
}

TEST(Handlers, PlanApplicationDatabagsOnlyOnTheLeader) {
  auto snapshot = full_of("text");
  snapshot.unit = test::other_unit();
  for (const auto* handler : charm::handlers()) {
    for (const auto& publication : test::published(*handler, snapshot)) {
      EXPECT_EQ(publication.scope, Scope::unit) << handler->endpoint;
    }
  }
}

TEST(Handlers, WriteTheSameOnBothOfTwoRelations) {
  const auto snapshot = full_of("text");
  for (const auto* handler : charm::handlers()) {
    std::map<int, std::vector<std::pair<Scope, Databag>>> written;
    for (const auto& publication : test::published(*handler, snapshot)) {
      written[publication.relation].emplace_back(publication.scope, publication.data);
    }
    // There is one peer relation, and its databag waits for the admin key.
    ASSERT_EQ(written.size(), handler->endpoint == "hockeypuck-peers" ? 0U : 2U)
        << handler->endpoint;
    if (!written.empty()) {
      EXPECT_EQ(written.begin()->second, written.rbegin()->second) << handler->endpoint;
    }
  }
}

TEST(Handlers, WriteNothingWithoutRelations) {
  for (const auto* handler : charm::handlers()) {
    EXPECT_EQ(test::published(*handler, test::with({})), std::vector<charm::Publication>{});
  }
}

// The charm cannot compare a databag that it has not read, so a handler must want each databag that
// it fills.
TEST(Handlers, WantTheDatabagsThatTheyFill) {
  const auto snapshot = full_of("text");
  for (const auto* handler : charm::handlers()) {
    for (const auto& publication : test::published(*handler, snapshot)) {
      const auto wants = handler->wants({snapshot, charm::Settings{}});
      EXPECT_TRUE(publication.scope == Scope::app ? wants.local_app : wants.local_unit)
          << handler->endpoint;
    }
  }
}

TEST(Handlers, OnlyTheDatabaseHindersTheKeyserver) {
  for (const auto* handler : charm::handlers()) {
    const auto unrelated = test::learned(*handler, test::with({}));
    if (handler->endpoint == "database") {
      EXPECT_FALSE(unrelated.statuses.empty());
    } else {
      EXPECT_EQ(unrelated, charm::Facts{}) << handler->endpoint;
      EXPECT_EQ(test::learned(*handler, full_of("text")).statuses, std::vector<charm::Status>{});
    }
  }
}

}  // namespace registry_test
