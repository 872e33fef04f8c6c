// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/handlers/peer_relation.hpp"

#include "databags.hpp"
#include "registry.hpp"

#include <gtest/gtest.h>

namespace peer_relation_test {

using charm::Facts;

const charm::RelationHandler& peers = charm::hockeypuck_peers;

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

const charm::AdminKeys keys_of_all_kinds{
    .current = charm::AdminKeyReference{.secret = "secret:9m4e2mr0ui3e8a215n4g",
                                        .fingerprint = "0a",
                                        .brought_certificate = "77"},
    .retired = {{.fingerprint = "0b", .revocation = "-----BEGIN"},
                {.fingerprint = "0c", .revocation = {}}}};

TEST(PeerRelation, KeepsAdminKeysInTheApplicationsBag) {
  const charm::Databag bag = charm::peers::bag_of(keys_of_all_kinds, test::leader_unit());
  EXPECT_EQ(bag, (charm::Databag{{"published-by", "hockeypuck-k8s/0"},
                                 {"admin-key-secret", "secret:9m4e2mr0ui3e8a215n4g"},
                                 {"admin-key-fingerprint", "0a"},
                                 {"admin-key-brought", "77"},
                                 {"retired-admin-key-0b", "-----BEGIN"},
                                 {"retired-admin-key-0c", "dropped"}}));
  EXPECT_EQ(charm::peers::admin_keys(bag), keys_of_all_kinds);
  EXPECT_EQ(charm::peers::admin_keys({}), charm::AdminKeys{});
  EXPECT_EQ(charm::peers::bag_of({}, test::leader_unit()),
            (charm::Databag{{"published-by", "hockeypuck-k8s/0"}}));
  EXPECT_EQ(charm::peers::admin_keys({{"admin-key-fingerprint", "0a"}}), charm::AdminKeys{})
      << "useless without its secret";
  EXPECT_EQ(charm::peers::admin_keys({{"admin-key-secret", "secret:9m4e2mr0ui3e8a215n4g"}}),
            charm::AdminKeys{})
      << "useless without its fingerprint";
}

TEST(PeerRelation, LearnsTheAdminKeysFromTheBagAndTheLeaderPublishesThem) {
  auto snapshot = test::with({with_units(0, {})});
  snapshot.relations[0].local_app_data =
      charm::peers::bag_of(keys_of_all_kinds, test::leader_unit());
  EXPECT_EQ(test::learned(peers, snapshot).admin_keys, keys_of_all_kinds);
  EXPECT_EQ(test::published(peers, snapshot).at(0).data,
            charm::peers::bag_of(keys_of_all_kinds, test::leader_unit()));
  snapshot.unit.leader = false;
  EXPECT_TRUE(test::published(peers, snapshot).empty());
}

TEST(PeerRelation, TellsWhoPublishedLast) {
  auto snapshot = test::with({with_units(0, {})});
  EXPECT_EQ(charm::peers::publisher(snapshot), "");
  snapshot.relations[0].local_app_data = charm::peers::bag_of({}, test::other_unit());
  EXPECT_EQ(charm::peers::publisher(snapshot), "hockeypuck-k8s/1");
}

}  // namespace peer_relation_test
