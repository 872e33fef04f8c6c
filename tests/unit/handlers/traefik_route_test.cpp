// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/handlers/traefik_route.hpp"

#include "databags.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using charm::Facts;
using charm::Publication;

const charm::TraefikRoute route;

charm::Relation related(int id) {
  return {.id = id, .endpoint = "traefik-route", .remote_app = "traefik"};
}

constexpr auto config_text =
    R"json({"tcp":{"routers":{"keyserver-hockeypuck-k8s-recon":{"entryPoints":["recon"],)json"
    R"json("rule":"HostSNI(`*`)","service":"keyserver-hockeypuck-k8s-recon"}},)json"
    R"json("services":{"keyserver-hockeypuck-k8s-recon":{"loadBalancer":{"servers":[)json"
    R"json({"address":"hockeypuck-k8s-0.hockeypuck-k8s-endpoints.keyserver.svc.cluster.local)json"
    R"json(:11370"}]}}}}})json";

Publication expected_on(int relation) {
  return {.relation = relation,
          .data = {{"raw", "True"},
                   {"config", config_text},
                   {"static", R"({"entryPoints":{"recon":{"address":":11370"}}})"}}};
}

TEST(TraefikRoute, PublishesNothingWithoutARelation) {
  EXPECT_EQ(test::published(route, test::with({})), std::vector<Publication>{});
}

TEST(TraefikRoute, RoutesReconToTheLeader) {
  EXPECT_EQ(test::published(route, test::with({related(7)})),
            std::vector<Publication>{expected_on(7)});
}

TEST(TraefikRoute, PublishesWhatTraefikWasTriedWith) {
  const auto ours = test::published(route, test::with({related(7)})).at(0).data;
  const auto tried = test::sample_bag("traefik_route_requirer_recommended");
  EXPECT_EQ(ours.size(), tried.size());
  EXPECT_EQ(ours.at("raw"), tried.at("raw"));
  for (const auto* const key : {"config", "static"}) {
    EXPECT_EQ(nlohmann::json::parse(ours.at(key)), nlohmann::json::parse(tried.at(key))) << key;
  }
}

TEST(TraefikRoute, FollowsTheLeader) {
  auto snapshot = test::with({related(7)});
  snapshot.unit = test::other_unit();
  EXPECT_EQ(test::published(route, snapshot), std::vector<Publication>{});
  snapshot.unit.leader = true;
  const auto config =
      nlohmann::json::parse(test::published(route, snapshot).at(0).data.at("config"));
  const auto servers =
      config.at("/tcp/services/keyserver-hockeypuck-k8s-recon/loadBalancer"_json_pointer);
  EXPECT_EQ(servers, nlohmann::json::parse(
                         R"({"servers": [{"address":
          "hockeypuck-k8s-1.hockeypuck-k8s-endpoints.keyserver.svc.cluster.local:11370"}]})"));
}

TEST(TraefikRoute, NamesRoutersByModelAndApplication) {
  auto snapshot = test::with({related(7)});
  snapshot.unit.model = "other";
  snapshot.unit.app = "keys";
  const auto config =
      nlohmann::json::parse(test::published(route, snapshot).at(0).data.at("config"));
  EXPECT_TRUE(config.contains("/tcp/routers/other-keys-recon"_json_pointer));
}

TEST(TraefikRoute, PublishesOnBothOfTwoRelations) {
  const std::vector<Publication> expected = {expected_on(7), expected_on(9)};
  EXPECT_EQ(test::published(route, test::with({related(9), related(7)})), expected);
}

TEST(TraefikRoute, WaitsForTheNameOfThePod) {
  auto snapshot = test::with({related(7)});
  snapshot.unit.fqdn.clear();
  EXPECT_EQ(test::published(route, snapshot), std::vector<Publication>{});
}

TEST(TraefikRoute, NeedsNoAnswer) {
  const auto snapshot =
      test::with_sample("traefik-route", "traefik", "traefik_route_provider_ip_http");
  EXPECT_EQ(test::learned(route, snapshot), Facts{});
  EXPECT_EQ(test::published(route, snapshot), std::vector<Publication>{expected_on(7)});
}

}  // namespace
