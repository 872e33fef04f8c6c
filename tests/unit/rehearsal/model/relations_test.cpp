// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/relations.hpp"

#include "rehearsal/model/model.hpp"
#include "tests/unit/rehearsal/model/small_model.hpp"

#include <gtest/gtest.h>

namespace rehearsal::test {
namespace {

std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const UserError& error) {
    return error.what();
  }
  return "none";
}

TEST(Integrate, FindsTheOneFittingPairOfEndpoints) {
  const Model model = small_model();
  const std::vector<RelationEnd> ends = resolve_endpoints(model, "pg", "hk");
  EXPECT_EQ(ends[0].endpoint.name, "db");
  EXPECT_EQ(ends[1].app, "hk");
  EXPECT_EQ(resolve_endpoints(model, "pg:db", "hk:db").size(), 2U);
}

TEST(Integrate, ListsThePairsWhenThereAreSeveral) {
  Model model = small_model();
  Charm& charm = model.application("hk").charm;
  charm.endpoints["spare"] = {.name = "spare", .interface = "postgresql_client"};
  EXPECT_EQ(refusal([&] { static_cast<void>(resolve_endpoints(model, "hk", "pg")); }),
            "ambiguous relation: \"hk pg\" could refer to \"hk:db pg:db\"; \"hk:spare pg:db\"");
}

TEST(Integrate, RefusesWhatDoesNotFit) {
  Model model = small_model();
  EXPECT_EQ(refusal([&] { static_cast<void>(resolve_endpoints(model, "hk", "hk")); }),
            "no relations found");
  EXPECT_EQ(refusal([&] { static_cast<void>(resolve_endpoints(model, "hk:x", "pg")); }),
            "application \"hk\" has no \"x\" relation");
  EXPECT_EQ(refusal([&] { static_cast<void>(resolve_endpoints(model, "no", "pg")); }),
            "application \"no\" not found");
}

TEST(Integrate, RefusesTheSameTwiceAndMoreThanTheLimit) {
  Model model = small_model();
  integrate(model);
  EXPECT_EQ(refusal([&] { integrate(model); }), "relation hk:db pg:db already exists");
  model.application("hk").charm.endpoints["db"].limit = 1;
  model.applications["other"] = model.application("pg");
  model.applications["other"].name = "other";
  EXPECT_NE(refusal([&] {
              add_relation(model, resolve_endpoints(model, "hk", "other"));
            }).find("maximum relation limit of 1"),
            std::string::npos);
}

TEST(RelationBag, IsMadeWithTheAddressWhenAUnitSeesTheRelation) {
  Model model = small_model();
  const int id = integrate(model);
  take_all(model);
  const Bag& bag = model.relations.at(id).unit_bags.at("hk/0");
  EXPECT_EQ(bag.at("ingress-address"), model.unit("hk/0").address);
  EXPECT_EQ(bag.at("egress-subnets"), model.unit("hk/0").address + "/32");
  EXPECT_EQ(bag.count("private-address"), 1U);
}

TEST(Names, AreThoseOfKubernetes) {
  Model model = small_model();
  model.services["primary"] = "pg/0";
  const auto names = model_names(model);
  const std::vector<std::string> pg{model.unit("pg/0").address};
  EXPECT_EQ(names.at("pg.test.svc.cluster.local"), pg);
  EXPECT_EQ(names.at("pg-0.pg-endpoints.test.svc.cluster.local"), pg);
  EXPECT_EQ(names.at("pg.test.svc"), pg);
  EXPECT_EQ(names.at("pg.test"), pg);
  EXPECT_EQ(names.at("primary.test.svc.cluster.local"), pg);
}

}  // namespace
}  // namespace rehearsal::test
