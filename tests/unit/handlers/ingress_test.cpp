// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "databags.hpp"
#include "registry.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>

namespace ingress_test {

using charm::Databag;
using charm::Facts;
using charm::Publication;
using charm::Scope;
using charm::Url;

const charm::RelationHandler& ingress = charm::ingress;

charm::Relation related(int id, const Databag& remote = {}) {
  return {.id = id, .endpoint = "ingress", .remote_app = "traefik", .remote_app_data = remote};
}

charm::Snapshot answered(const std::string& text) {
  return test::with({related(7, {{"ingress", text}})});
}

/// The facts for a URL with a path, without traefik-route.
Facts below_path(const std::string& scheme, const std::string& host, std::uint16_t port,
                 const std::string& path) {
  return {.external_url = Url{scheme, host, port, path},
          .statuses = {
              {charm::StatusKind::active,
               "gpg cannot use an ingress path: integrate traefik-route or route by host name: " +
                   path}}};
}

std::string url_answer(const std::string& url) {
  return nlohmann::json{{"url", url}}.dump();
}

const Databag application_data = {{"model", "\"keyserver\""},
                                  {"name", "\"hockeypuck-k8s\""},
                                  {"port", "11371"},
                                  {"strip-prefix", "true"},
                                  {"is_port_open", "true"}};
const Databag unit_data = {
    {"host", "\"hockeypuck-k8s-0.hockeypuck-k8s-endpoints.keyserver.svc.cluster.local\""},
    {"ip", "\"10.1.42.7\""}};

TEST(Ingress, ReadsTheAnswerOfEveryKnownProvider) {
  const std::string prefix = "/keyserver-hockeypuck-k8s";
  const Facts below = below_path("http", "keys.example.com", 80, prefix);
  const Facts at_root{.external_url = Url{"http", "keys.example.com", 80, ""}};
  const Facts by_address = below_path("http", "10.43.8.34", 80, prefix);
  const std::map<std::string, Facts> expected = {
      {"nginx_default_path", below},
      {"nginx_ipv6", {}},
      {"nginx_no_hostname", {}},
      {"nginx_no_ip", {}},
      {"nginx_no_strip", below},
      {"nginx_root_path", at_root},
      {"nginx_scheme_https", below},
      {"nginx_tls_secret_name", at_root},
      {"nginx_two_hostnames", {}},
      {"nginx_two_paths", {}},
      {"traefik_behind_upstream",
       below_path("https", "edge.example.com", 443,
                  "/ingress-model-traefik-k8s/keyserver-hockeypuck-k8s")},
      {"traefik_healthcheck", by_address},
      {"traefik_no_lb_address", {}},
      {"traefik_one_unit_missing_host", {}},
      {"traefik_path", by_address},
      {"traefik_path_hostname", below},
      {"traefik_port_65535", {}},
      {"traefik_port_as_string", {}},
      {"traefik_raw_strings", {}},
      {"traefik_subdomain",
       {.external_url = Url{"http", "keyserver-hockeypuck-k8s.keys.example.com", 80, ""}}},
      {"traefik_tls", below_path("https", "keys.example.com", 443, prefix)},
  };
  for (const auto& [name, facts] : expected) {
    EXPECT_EQ(
        test::learned(ingress, test::with_sample("ingress", "traefik", "ingress_provider_" + name)),
        facts)
        << name;
  }
}

TEST(Ingress, ReadsEveryFormOfUrl) {
  const std::map<std::string, Url> expected = {
      {"http://keys.example.com", {"http", "keys.example.com", 80, ""}},
      {"HTTPS://keys.example.com:8443/", {"https", "keys.example.com", 8443, ""}},
      {"http://[fd00::7]/a/b//", {"http", "fd00::7", 80, "/a/b"}},
      {"http://[fd00::7]:81", {"http", "fd00::7", 81, ""}},
      {" http://keys:81/a?b#c\n", {"http", "keys", 81, "/a"}},
      {"http://keys?b", {"http", "keys", 80, ""}},
  };
  for (const auto& [text, url] : expected) {
    EXPECT_EQ(test::learned(ingress, answered(url_answer(text))).external_url, url) << text;
  }
}

TEST(Ingress, TakesAnEmptyAnswerAsNoUrlYet) {
  for (const auto* const text : {"", "null", "{}", R"({"url": null})", R"({"url": ""})"}) {
    EXPECT_EQ(test::learned(ingress, answered(text)), Facts{}) << text;
  }
}

TEST(Ingress, WarnsOfAUrlThatIsNone) {
  const Facts expected{
      .warnings = {"relation 7 (ingress), ingress: url is not an http or https URL"}};
  for (const auto* const url : {"keys.example.com", "ftp://keys", "http://", "http://u:p@keys/",
                                "http://keys:65536/", "http://keys/a b", "javascript://keys"}) {
    EXPECT_EQ(test::learned(ingress, answered(url_answer(url))), expected) << url;
  }
}

TEST(Ingress, SurvivesAnyAnswer) {
  for (const auto& text : test::hostile_texts()) {
    const Facts expected{.warnings = {"relation 7 (ingress), ingress: not a JSON object"}};
    EXPECT_EQ(test::learned(ingress, answered(text)), expected) << text.substr(0, 50);
  }
  for (const auto* const wrong : {"1", "[]", "{}", "true", R"(["http://keys"])"}) {
    const Facts expected{.warnings = {"relation 7 (ingress), ingress: url is not a text"}};
    EXPECT_EQ(test::learned(ingress, answered(std::string(R"({"url": )") + wrong + "}")), expected)
        << wrong;
  }
}

TEST(Ingress, NeedsNoAdviceOnThePathWhereTraefikRouteBringsClientsToTheRoot) {
  auto snapshot = answered(url_answer("http://keys.example.com/keyserver-hockeypuck-k8s"));
  snapshot.relations.push_back({.id = 9, .endpoint = "traefik-route"});
  const Facts expected{.external_url =
                           Url{"http", "keys.example.com", 80, "/keyserver-hockeypuck-k8s"}};
  EXPECT_EQ(test::learned(ingress, snapshot), expected);
}

TEST(Ingress, UsesTheFirstUrlOfTwoRelations) {
  const auto url = [](const char* text) { return Databag{{"ingress", url_answer(text)}}; };
  const Facts old{.external_url = Url{"http", "old", 80, ""}};
  EXPECT_EQ(test::learned(ingress, test::with({related(9, url("http://new")),
                                               related(7, url("http://old"))})),
            old);
  EXPECT_EQ(test::learned(ingress, test::with({related(7), related(9, url("http://old"))})), old);
}

TEST(Ingress, PublishesApplicationAndUnitOnTheLeader) {
  const std::vector<Publication> expected = {
      {.relation = 7, .scope = Scope::app, .data = application_data},
      {.relation = 7, .scope = Scope::unit, .data = unit_data}};
  EXPECT_EQ(test::published(ingress, test::with({related(7)})), expected);
}

TEST(Ingress, AsksForHealthChecksOnlyIfOtherUnitsCanAnswerMeanwhile) {
  charm::Plan plan;
  ingress.publish(test::with({related(7)}), {}, {.peer_units = {"hockeypuck-k8s/1"}}, plan);
  auto expected = application_data;
  expected["healthcheck_params"] = R"({"interval":"2s","path":"/pks/health","timeout":"1s"})";
  EXPECT_EQ(plan.publications.at(0).data, expected);
  EXPECT_EQ(test::published(ingress, test::with({related(7)})).at(0).data, application_data);
}

TEST(Ingress, PublishesOnlyItsUnitElsewhere) {
  auto snapshot = test::with({related(7)});
  snapshot.unit = test::other_unit();
  const std::vector<Publication> expected = {
      {.relation = 7,
       .scope = Scope::unit,
       .data = test::sample_bag("ingress_requirer_nonleader_unit1", "unit")}};
  EXPECT_EQ(test::published(ingress, snapshot), expected);
}

TEST(Ingress, TellsTheNewAddressOfARescheduledPod) {
  auto snapshot = test::with({related(7)});
  snapshot.unit.address = "fd00::7";
  EXPECT_EQ(test::published(ingress, snapshot).at(1).data.at("ip"), "\"fd00::7\"");
}

TEST(Ingress, LeavesOutAnAddressThatIsNotKnownYet) {
  auto snapshot = test::with({related(7)});
  snapshot.unit.address.clear();
  const Databag expected = {{"host", unit_data.at("host")}};
  EXPECT_EQ(test::published(ingress, snapshot).at(1).data, expected);
}

// Traefik was tested with this databag. Ours asks for Hockeypuck's own health page, which needs no
// front page from disk.
TEST(Ingress, PublishesWhatTraefikWasTriedWith) {
  charm::Plan plan;
  ingress.publish(test::with({related(7)}), {}, {.peer_units = {"hockeypuck-k8s/1"}}, plan);
  const auto& publications = plan.publications;
  auto expected = test::sample_bag("ingress_requirer_recommended");
  auto health_check = nlohmann::json::parse(expected.at("healthcheck_params"));
  health_check.update({{"path", "/pks/health"}, {"interval", "2s"}, {"timeout", "1s"}});
  auto ours = publications.at(0).data;
  EXPECT_EQ(nlohmann::json::parse(ours.at("healthcheck_params")), health_check);
  ours.erase("healthcheck_params");
  expected.erase("healthcheck_params");
  EXPECT_EQ(ours, expected);
  EXPECT_EQ(publications.at(1).data, test::sample_bag("ingress_requirer_recommended", "unit"));
}

TEST(Ingress, WritesTextThatTheOtherSideCanReadWhateverTheModelIsCalled) {
  auto snapshot = test::with({related(7)});
  snapshot.unit.model = "m\xFF\"";
  EXPECT_EQ(test::published(ingress, snapshot).at(0).data.at("model"), "\"m\uFFFD\\\"\"");
}

}  // namespace ingress_test
