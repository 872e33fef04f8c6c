// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "databags.hpp"
#include "registry.hpp"
#include "tests/unit/options/read_options.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>

namespace traefik_route_test {

using charm::Facts;
using charm::Publication;
using charm::Settings;
using charm::Url;
using nlohmann::json;

const charm::RelationHandler& route = charm::traefik_route;
const Settings reconciling{.external_peers = {{.host = "keys.example.com"}}};

charm::Relation related(int id, const charm::Databag& remote = {}) {
  return {
      .id = id, .endpoint = "traefik-route", .remote_app = "traefik", .remote_app_data = remote};
}

/// The golden databag. Traefik's charm reads every byte of it.
Publication expected_on(int relation, const std::string& name = "recon") {
  return {.relation = relation,
          .data = test::sample_bag("traefik_route_requirer_hockeypuck_" + name)};
}

std::vector<Publication> published(const charm::Snapshot& snapshot, const Facts& facts = {},
                                   const Settings& settings = reconciling) {
  charm::Plan plan;
  route.publish(snapshot, settings, facts, plan);
  return plan.publications;
}

json configuration(const charm::Snapshot& snapshot, const Facts& facts = {}) {
  return json::parse(published(snapshot, facts).at(0).data.at("config"));
}

TEST(TraefikRoute, RoutesHkpToEveryUnitAndReconToTheLeader) {
  const Facts facts{.peer_units = {"hockeypuck-k8s/1", "hockeypuck-k8s/10"}};
  EXPECT_EQ(published(test::with({related(7)}), facts), std::vector<Publication>{expected_on(7)});
}

TEST(TraefikRoute, RoutesHkpAloneWhileNobodyMayReconcile) {
  EXPECT_EQ(published(test::with({related(7)}), {}, {}),
            std::vector<Publication>{expected_on(7, "hkp_only")});
  EXPECT_TRUE(
      json::parse(published(test::with({related(7)}), {}, {.recon_allowed_cidrs = {"10.1.0.0/16"}})
                      .at(0)
                      .data.at("config"))
          .contains("tcp"));
}

TEST(TraefikRoute, StaysAsItIsWhileAnOptionIsWrong) {
  const std::map<std::string, std::string> wrong = {{"external-peers", "a,b,c"},
                                                    {"trusted-proxies", "10.2.0.0/33"}};
  for (const auto& [option, value] : wrong) {
    const test::ReadOptions read(option, value);
    EXPECT_TRUE(read.complaint().starts_with("option " + option)) << read.complaint();
    EXPECT_EQ(published(test::with({related(7)}), {}, read.settings), std::vector<Publication>{})
        << option;
  }
}

TEST(TraefikRoute, ReadsTheHostUnlessTheIngressHasAUrl) {
  charm::Snapshot snapshot = test::with({related(7)});
  EXPECT_TRUE(route.wants({snapshot, reconciling}).remote_app);
  snapshot.relations.push_back(
      {.id = 8,
       .endpoint = "ingress",
       .remote_app_data = {{"ingress", R"({"url":"http://keys.example.com"})"}}});
  EXPECT_FALSE(route.wants({snapshot, reconciling}).remote_app);
  EXPECT_TRUE(route.wants({snapshot, reconciling, true}).remote_app) << "its own event";
}

json http_section(const Settings& settings) {
  const auto data = published(test::with({related(7)}), {}, settings).at(0).data;
  return json::parse(data.at("config")).at("http");
}

std::string middlewares_of(const json& http, const std::string& purpose) {
  std::string names;
  const std::string prefix = "keyserver-hockeypuck-k8s-";
  for (const std::string name : http.at("routers").at(prefix + purpose).at("middlewares")) {
    EXPECT_TRUE(http.at("middlewares").contains(name)) << name;
    names += (names.empty() ? "" : " ") + name.substr(prefix.size());
  }
  return names;
}

TEST(TraefikRoute, LimitsLookUpsAndUploadsApart) {
  const json http = http_section({});
  EXPECT_EQ(middlewares_of(http, "lookups"), "in-flight lookups retry");
  EXPECT_EQ(middlewares_of(http, "uploads"), "body in-flight uploads retry");
  EXPECT_EQ(middlewares_of(http, "hashqueries"), "body in-flight hashqueries retry");
  const json& middlewares = http.at("middlewares");
  EXPECT_EQ(
      middlewares.at("keyserver-hockeypuck-k8s-uploads").at("rateLimit"),
      json::parse(
          R"({"average": 10, "burst": 50, "sourceCriterion": {"ipStrategy": {"depth": 0}}})"));
  EXPECT_EQ(middlewares.at("keyserver-hockeypuck-k8s-body").at("buffering"),
            json::parse(R"({"maxRequestBodyBytes": 2097152})"));
}

TEST(TraefikRoute, HasNoLimitOfZero) {
  const json http =
      http_section({.edge = {.lookup_rate = 0, .upload_rate = 0, .client_requests = 0}});
  EXPECT_EQ(middlewares_of(http, "lookups"), "retry");
  EXPECT_EQ(middlewares_of(http, "uploads"), "body retry");
  EXPECT_EQ(http.at("middlewares").size(), 2U);
}

TEST(TraefikRoute, RoutesAdminRequestsOnlyIfAskedTo) {
  const std::string router = "keyserver-hockeypuck-k8s-admin-requests";
  EXPECT_FALSE(http_section({}).at("routers").contains(router));
  const json http = http_section({.edge = {.admin_requests = true}});
  EXPECT_EQ(middlewares_of(http, "admin-requests"), "body in-flight admin-requests retry");
}

TEST(TraefikRoute, FindsClientsBehindTrustedProxies) {
  const Settings behind{.edge = {.trusted_proxies = {"10.2.0.0/16"}}};
  EXPECT_EQ(
      http_section(behind).at(
          "/middlewares/keyserver-hockeypuck-k8s-lookups/rateLimit/sourceCriterion"_json_pointer),
      json::parse(R"({"ipStrategy": {"excludedIPs": ["10.2.0.0/16"]}})"));
  const auto data = published(test::with({related(7)}), {}, behind).at(0).data;
  EXPECT_EQ(json::parse(data.at("static")).at("/entryPoints/hkp"_json_pointer),
            json::parse(R"({"address": ":11371",
                            "forwardedHeaders": {"trustedIPs": ["10.2.0.0/16"]}})"));
}

TEST(TraefikRoute, RoutesReconAsTraefikWasTriedWith) {
  const auto tried = test::sample_bag("traefik_route_requirer_recommended");
  const auto ours = published(test::with({related(7)})).at(0).data;
  EXPECT_EQ(ours.at("raw"), tried.at("raw"));
  EXPECT_EQ(configuration(test::with({related(7)})).at("tcp"),
            json::parse(tried.at("config")).at("tcp"));
  const json::json_pointer recon("/entryPoints/recon");
  EXPECT_EQ(json::parse(ours.at("static")).at(recon), json::parse(tried.at("static")).at(recon));
}

TEST(TraefikRoute, FollowsTheLeader) {
  auto snapshot = test::with({related(7)});
  snapshot.unit = test::other_unit();
  EXPECT_EQ(published(snapshot), std::vector<Publication>{});
  snapshot.unit.leader = true;
  const auto balancer = configuration(snapshot).at(
      "/tcp/services/keyserver-hockeypuck-k8s-recon/loadBalancer"_json_pointer);
  EXPECT_EQ(balancer, json::parse(R"({"servers": [{"address":
          "hockeypuck-k8s-1.hockeypuck-k8s-endpoints.keyserver.svc.cluster.local:11370"}]})"));
}

TEST(TraefikRoute, NamesRoutersByModelAndApplication) {
  auto snapshot = test::with({related(7)});
  snapshot.unit.model = "other";
  snapshot.unit.app = "keys";
  snapshot.unit.name = "keys/0";
  const auto found = configuration(snapshot);
  EXPECT_TRUE(found.contains("/tcp/routers/other-keys-recon"_json_pointer));
  EXPECT_TRUE(found.contains("/http/routers/other-keys-lookups"_json_pointer));
}

TEST(TraefikRoute, LearnsTheHostAndTheProxiesFromEveryKnownAnswer) {
  const auto answer = [](const std::string& name) {
    return test::learned(
        route, test::with_sample("traefik-route", "traefik", "traefik_route_provider_" + name));
  };
  const auto known_as = [](const std::string& host) {
    return Facts{.external_url = Url{"http", host, 11371, ""},
                 .recon_proxies = {"traefik-0.traefik-endpoints.keyserver.svc.cluster.local"}};
  };
  EXPECT_EQ(answer("ip_http"), known_as("10.43.8.34"));
  EXPECT_EQ(answer("hostname_https"), known_as("keys.example.com"));
  EXPECT_EQ(answer("behind_upstream"), known_as("edge.example.com"));
  EXPECT_EQ(answer("no_lb_address").external_url, std::nullopt);
}

TEST(TraefikRoute, LeavesTheUrlOfAnIngressAlone) {
  Facts facts{.external_url = Url{"https", "pages.example.com", 443, ""}};
  route.learn(test::with({related(7, {{"external_host", "keys.example.com"}})}), {}, facts);
  EXPECT_EQ(facts.external_url, (Url{"https", "pages.example.com", 443, ""}));
}

TEST(TraefikRoute, TakesAnIpv6HostWithOrWithoutBrackets) {
  for (const auto* const host : {"fd00::7", "[fd00::7]", "[fd00::7]/path"}) {
    EXPECT_EQ(test::learned(route, test::with({related(7, {{"external_host", host}})})),
              (Facts{.external_url = Url{"http", "fd00::7", 11371, ""}}))
        << host;
  }
}

TEST(TraefikRoute, WarnsOfAHostThatIsNone) {
  const Facts expected{.warnings = {"relation 7 (traefik-route), external_host: not a host"}};
  for (const std::string& host : {std::string("/"), std::string("ke ys"), std::string("u:p@keys"),
                                  std::string("[keys]"), std::string("keys\xFF"), std::string("{}"),
                                  std::string(100000, ':'), std::string(100000, 'a')}) {
    EXPECT_EQ(test::learned(route, test::with({related(7, {{"external_host", host}})})), expected)
        << host.substr(0, 50);
  }
}

TEST(TraefikRoute, SurvivesAnyHost) {
  for (const auto& text : test::hostile_texts()) {
    const auto facts = test::learned(route, test::with({related(7, {{"external_host", text}})}));
    EXPECT_EQ(facts.warnings.size(), facts.external_url ? 0U : 1U) << text.substr(0, 50);
    EXPECT_EQ(facts.statuses.size(), 0U);
  }
}

}  // namespace traefik_route_test
