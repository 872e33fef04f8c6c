// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/charms/postgresql-k8s/publication.hpp"

#include "charm/domain/error.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

namespace {

using charm::Databag;
using nlohmann::json;
using postgresql::Credentials;
using postgresql::Offer;
using postgresql::Publication;
using postgresql::read_request;
using postgresql::Request;

/// A databag recorded from the library that Charmed PostgreSQL publishes with.
struct Recorded {
  Databag bag;
  std::map<std::string, Databag> secrets;
};

Recorded recorded(const std::string& name) {
  std::ifstream file(std::string(TEST_DATA_DIR) + "/interfaces/" + name + ".json");
  const json value = json::parse(file);
  Recorded result{.bag = value.at("app").get<Databag>()};
  const json secrets = value.value("_secrets", json::object());
  for (const auto& [key, secret] : secrets.items()) {
    result.secrets[key] = secret.at("content").get<Databag>();
  }
  return result;
}

/// What our partner publishes for the request and in the cluster of the recording.
Publication answer_like(const Recorded& recording) {
  const auto remote = json::parse(recording.bag.at("data")).get<Databag>();
  Offer offer{.endpoints = {recording.bag.at("endpoints")},
              .read_only_endpoints = {recording.bag.at("read-only-endpoints")},
              .version = recording.bag.at("version")};
  std::string authority;
  if (recording.bag.count("tls-ca") != 0) {
    authority = recording.bag.at("tls-ca");
  } else if (recording.secrets.count("secret-tls") != 0 &&
             recording.secrets.at("secret-tls").count("tls-ca") != 0) {
    authority = recording.secrets.at("secret-tls").at("tls-ca");
  }
  offer.tls = !authority.empty();
  offer.authority = authority;
  return postgresql::publish(read_request(remote, {}), offer,
                             {.user = "relation_id_7", .password = "yXhN2bq0WvKc9RtL"});
}

class Provider14 : public testing::TestWithParam<std::string> {};

TEST_P(Provider14, PublishesWhatThePartnerPublishes) {
  const Recorded recording = recorded(GetParam());
  const Publication answer = answer_like(recording);
  Databag expected = recording.bag;
  expected.erase("data");
  expected.erase("secret-user");
  expected.erase("secret-tls");
  EXPECT_EQ(answer.bag, expected);
  EXPECT_EQ(!answer.user_secret.empty(), recording.bag.count("secret-user") != 0);
  EXPECT_EQ(!answer.tls_secret.empty(), recording.bag.count("secret-tls") != 0);
  if (recording.secrets.count("secret-user") != 0) {
    EXPECT_EQ(answer.user_secret, recording.secrets.at("secret-user"));
    EXPECT_EQ(answer.tls_secret, recording.secrets.at("secret-tls"));
  }
}

TEST_P(Provider14, KeepsTheRequestAsThePartnerKeepsIt) {
  const Recorded recording = recorded(GetParam());
  const auto remote = json::parse(recording.bag.at("data")).get<Databag>();
  EXPECT_EQ(json::parse(postgresql::remembered(remote)), json::parse(recording.bag.at("data")));
  EXPECT_EQ(postgresql::remembered(remote), recording.bag.at("data")) << "byte for byte";
}

INSTANTIATE_TEST_SUITE_P(Recordings, Provider14,
                         testing::Values("postgresql_client_provider_pg14_secrets",
                                         "postgresql_client_provider_pg14_tls",
                                         "postgresql_client_provider_pg14_single_unit",
                                         "postgresql_client_provider_pg14_partial_secrets",
                                         "postgresql_client_provider_pg14_legacy_plain",
                                         "postgresql_client_provider_pg14_legacy_plain_tls"),
                         [](const auto& recording) {
                           return recording.param.substr(std::string("postgresql_client_").size());
                         });

TEST(Request, ThatIsNotJsonFailsTheHook) {
  EXPECT_THROW(
      (void)read_request({{"database", "d"}, {"requested-secrets", "username,password"}}, {}),
      charm::Error);
}

TEST(Request, ForAnObjectOfSecretsIsAnsweredInPlainText) {
  EXPECT_TRUE(read_request({{"database", "d"}, {"requested-secrets", "{}"}}, {}).secrets.empty());
}

TEST(Request, WithChangedRolesFailsTheHook) {
  const Databag answered = {{"data", R"({"database": "d", "extra-user-roles": "createdb"})"}};
  EXPECT_THROW((void)read_request({{"database", "d"}, {"extra-user-roles", "admin"}}, answered),
               charm::Error);
  EXPECT_THROW((void)read_request({{"database", "d"}}, answered), charm::Error);
  EXPECT_EQ(read_request({{"database", "d"}, {"extra-user-roles", "createdb"}}, answered)
                .extra_user_roles,
            std::vector<std::string>{"createdb"});
}

TEST(Request, WithRolesAddedLaterIsNoError) {
  EXPECT_NO_THROW((void)read_request({{"database", "d"}, {"extra-user-roles", "createdb"}},
                                     {{"data", R"({"database": "d"})"}}));
}

TEST(Request, ForAnotherDatabaseLaterIsIgnored) {
  EXPECT_EQ(read_request({{"database", "new"}}, {{"database", "old"}, {"data", "{}"}}).database,
            "old");
}

TEST(Request, AnsweredInPlainTextStaysSo) {
  const Databag remote = {{"database", "d"}, {"requested-secrets", R"(["username"])"}};
  EXPECT_TRUE(
      read_request(remote, {{"database", "d"}, {"username", "u"}, {"data", "{}"}}).secrets.empty());
  EXPECT_EQ(read_request(remote, {}).secrets, std::set<std::string>{"username"});
}

}  // namespace
