// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/charms/postgresql-k8s/members.hpp"

#include <gtest/gtest.h>

namespace {

using postgresql::Member;
using postgresql::primary_of;
using postgresql::Role;
using postgresql::role_of;

using Members = std::map<std::string, Member>;

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

}  // namespace
