// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/handlers/peer_relation.hpp"

#include "databags.hpp"

#include <gtest/gtest.h>

namespace {

using charm::Facts;

const charm::PeerRelation peers;

charm::Relation with_units(int id, const std::vector<std::string>& units) {
  charm::Relation relation{
      .id = id, .endpoint = "hockeypuck-peers", .remote_app = "hockeypuck-k8s"};
  for (const auto& unit : units) {
    relation.remote_units[unit] = {};
  }
  return relation;
}

TEST(PeerRelation, KnowsNobodyAlone) {
  EXPECT_EQ(test::learned(peers, test::with({})), Facts{});
  EXPECT_EQ(test::learned(peers, test::with({with_units(0, {})})), Facts{});
}

TEST(PeerRelation, ListsTheOtherUnitsByNumber) {
  const auto snapshot = test::with({with_units(
      0, {"hockeypuck-k8s/10", "hockeypuck-k8s/2", "hockeypuck-k8s/0", "hockeypuck-k8s/1"})});
  EXPECT_EQ(test::learned(peers, snapshot),
            (Facts{.peer_units = {"hockeypuck-k8s/1", "hockeypuck-k8s/2", "hockeypuck-k8s/10"}}));
}

TEST(PeerRelation, ForgetsAUnitThatIsGone) {
  auto snapshot = test::with({with_units(0, {"hockeypuck-k8s/1", "hockeypuck-k8s/2"})});
  snapshot.relations[0].remote_units.erase("hockeypuck-k8s/1");
  EXPECT_EQ(test::learned(peers, snapshot), (Facts{.peer_units = {"hockeypuck-k8s/2"}}));
}

TEST(PeerRelation, ListsEachUnitOnce) {
  const auto snapshot =
      test::with({with_units(0, {"hockeypuck-k8s/1"}), with_units(1, {"hockeypuck-k8s/1"})});
  EXPECT_EQ(test::learned(peers, snapshot), (Facts{.peer_units = {"hockeypuck-k8s/1"}}));
}

TEST(PeerRelation, OrdersEvenNamesThatJujuNeverGives) {
  const auto snapshot =
      test::with({with_units(0, {"", "/", "a", "a/x", "a/99999999999999999999999", "a/1"})});
  EXPECT_EQ(test::learned(peers, snapshot).peer_units.size(), 6U);
}

TEST(PeerRelation, PublishesNothing) {
  EXPECT_EQ(test::published(peers, test::with({with_units(0, {"hockeypuck-k8s/1"})})),
            std::vector<charm::Publication>{});
}

}  // namespace
