// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/error.hpp"
#include "rehearsal/charms/postgresql-k8s/certificates.hpp"
#include "rehearsal/charms/postgresql-k8s/cluster.hpp"
#include "rehearsal/charms/postgresql-k8s/relations.hpp"
#include "tests/contract/partners/partner_test.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

namespace postgresql_test {

using charm::Databag;
using nlohmann::json;
using postgresql::Credentials;
using postgresql::Member;
using postgresql::Offer;
using postgresql::primary_of;
using postgresql::Publication;
using postgresql::read_request;
using postgresql::Request;
using postgresql::Role;
using postgresql::role_of;
using Members = std::map<std::string, Member>;
using postgresql::certificate_is_for;
using postgresql::KeyPair;

/// A databag recorded from the library with which Charmed PostgreSQL publishes.
struct Recorded {
  Databag bag;
  std::map<std::string, Databag> secrets;
};

Recorded recorded(const std::string& name) {
  const json value = test::sample(name);
  Recorded result{.bag = value.at("app").get<Databag>()};
  const json secrets = value.value("_secrets", json::object());
  for (const auto& [key, secret] : secrets.items()) {
    result.secrets[key] = secret.at("content").get<Databag>();
  }
  return result;
}

/// Our partner's answer to the request, in the cluster of the recording.
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

TEST(Members, AreReadAsTheyWereWritten) {
  const Member member{.address = "10.1.0.5", .primary = true, .timeline = 3, .stopped = true};
  EXPECT_EQ(postgresql::read_member(postgresql::write_member(member)), member);
  EXPECT_EQ(postgresql::read_member({}), Member{});
}

TEST(Members, AgreeOnTheOnePromotedLast) {
  const Members members = {{"pg/0", {.primary = true, .timeline = 1}},
                           {"pg/1", {.primary = true, .timeline = 2}},
                           {"pg/2", {.primary = false, .timeline = 2}}};
  EXPECT_EQ(primary_of(members), "pg/1");
  EXPECT_EQ(role_of("pg/0", members, true, true), Role::standby);
  EXPECT_EQ(role_of("pg/1", members, false, true), Role::primary);
}

TEST(Members, OfANewClusterWaitForTheLeader) {
  const Members members = {{"pg/0", {}}, {"pg/1", {}}};
  EXPECT_EQ(role_of("pg/0", members, true, false), Role::primary);
  EXPECT_EQ(role_of("pg/1", members, false, false), Role::unknown);
}

TEST(Members, LoseTheirPrimaryToTheLeader) {
  const Members members = {{"pg/0", {.timeline = 1}}, {"pg/2", {.timeline = 1}}};
  EXPECT_EQ(role_of("pg/0", members, true, true), Role::heir);
  EXPECT_EQ(role_of("pg/2", members, false, true), Role::standby);
}

const std::vector<std::string> names = {"DNS:db.model.svc.cluster.local", "IP:10.1.0.5"};

class Certificates : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    const auto path = directory_.path() / name;
    std::ofstream(path) << text;
    return path.string();
  }

  int verify(const KeyPair& authority, const KeyPair& server,
             const std::vector<std::string>& options) const {
    std::vector<std::string> arguments = {"openssl", "verify", "-CAfile",
                                          write("ca.pem", authority.certificate)};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.push_back(write("server.pem", server.certificate));
    return test::run({.arguments = arguments}).status;
  }

  test::TemporaryDirectory directory_{"certs"};
  KeyPair authority_ = postgresql::make_authority("test CA");
};

TEST_F(Certificates, AreAcceptedByOpensslForTheirNamesOnly) {
  const KeyPair server = postgresql::make_server_certificate(authority_, names);
  EXPECT_EQ(verify(authority_, server,
                   {"-purpose", "sslserver", "-verify_hostname", "db.model.svc.cluster.local"}),
            0);
  EXPECT_EQ(verify(authority_, server, {"-purpose", "sslserver", "-verify_ip", "10.1.0.5"}), 0);
  EXPECT_NE(verify(authority_, server, {"-verify_hostname", "other.example"}), 0);
}

TEST_F(Certificates, AreRefusedUnderAnotherAuthorityOfTheSameName) {
  const KeyPair other = postgresql::make_authority("test CA");
  const KeyPair server = postgresql::make_server_certificate(authority_, names);
  EXPECT_NE(verify(other, server, {}), 0);
  EXPECT_FALSE(certificate_is_for(server.certificate, other, names));
}

TEST_F(Certificates, AreKnownAgainByTheirNames) {
  const KeyPair server = postgresql::make_server_certificate(authority_, names);
  EXPECT_TRUE(certificate_is_for(server.certificate, authority_, names));
  EXPECT_FALSE(certificate_is_for(server.certificate, authority_, {names[0], "DNS:other"}));
  EXPECT_FALSE(certificate_is_for("", authority_, names));
}

TEST(Passwords, AreSixteenLettersAndDigitsAndNeverTheSame) {
  const std::string password = postgresql::random_password();
  EXPECT_EQ(password.size(), 16U);
  EXPECT_EQ(
      password.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
      std::string::npos);
  EXPECT_NE(password, postgresql::random_password());
}

}  // namespace postgresql_test
