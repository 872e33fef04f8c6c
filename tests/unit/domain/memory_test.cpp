// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/memory.hpp"

#include <gtest/gtest.h>

namespace charm {
namespace {

TEST(Memory, KeepsShortValuesAndTheDigestsOfLongOnes) {
  EXPECT_EQ(short_form("hockeypuck-k8s"), "hockeypuck-k8s");
  EXPECT_EQ(short_form(""), "");
  EXPECT_EQ(short_form(std::string(129, 'x')).size(), std::string("digest:").size() + 16);
}

TEST(Memory, TellsAValueByItselfOrByItsDigest) {
  const std::string value(1000, 'x');
  EXPECT_TRUE(is_value(value, value));
  EXPECT_TRUE(is_value(short_form(value), value));
  EXPECT_FALSE(is_value(short_form(value), value + "y"));
  EXPECT_FALSE(is_value("a", "b"));
}

// Otherwise a databag could seem to hold a value although it has only the digest.
TEST(Memory, ATextThatLooksLikeADigestIsNotTakenForOne) {
  const std::string digest = short_form(std::string(1000, 'x'));
  EXPECT_NE(short_form(digest), digest);
  EXPECT_TRUE(is_value(short_form(digest), digest));
}

TEST(Memory, IsTrustedForAnHour) {
  using std::chrono::seconds;
  constexpr std::chrono::sys_seconds then{seconds(1'800'000'000)};
  const Memory memory{.read_at = then};
  EXPECT_TRUE(memory.is_fresh(then));
  EXPECT_TRUE(memory.is_fresh(then + seconds(3599)));
  EXPECT_FALSE(memory.is_fresh(then + seconds(3600)));
}

TEST(Memory, OfATimeToComeIsNotTrusted) {
  constexpr std::chrono::sys_seconds then{std::chrono::seconds(1'800'000'000)};
  EXPECT_FALSE(Memory{.read_at = then}.is_fresh(then - std::chrono::seconds(1)));
}

TEST(Memory, FindsARelationByItsNumber) {
  const Memory memory{.relations = {{.id = 3, .endpoint = "database"}}};
  ASSERT_NE(memory.find(3), nullptr);
  EXPECT_EQ(memory.find(3)->endpoint, "database");
  EXPECT_EQ(memory.find(4), nullptr);
}

}  // namespace
}  // namespace charm
