// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/json/prefix_tree_files.hpp"

#include <gtest/gtest.h>

namespace charm::prefix_tree {
namespace {

TEST(PrefixTreeFiles, ComeBackAsTheyWereWritten) {
  const Rebuild rebuild{.state = RebuildState::building,
                        .reason = "it was damaged (\"CURRENT\"\nfile)",
                        .by_itself = true,
                        .database = "7/16384",
                        .keys = 6'500'000,
                        .since = 1'800'000'000};
  EXPECT_EQ(read_rebuild(file_text(rebuild)), rebuild);
  const Record record{.database = "7/16384",
                      .trusted_since = 1,
                      .compared = 2,
                      .comparison = {.digests = 3, .keys = 4},
                      .differs_since = 5,
                      .is_far = true,
                      .rebuilt = 6};
  EXPECT_EQ(read_record(file_text(record)), record);
  EXPECT_EQ(read_rebuild(file_text(Rebuild{})), Rebuild{});
}

TEST(PrefixTreeFiles, ARebuildThatCannotBeReadIsToBeginAnew) {
  for (const char* text :
       {"", "{", "[]", "null", R"({"state":"building"})", R"({"state":7,"reason":"x"})"}) {
    EXPECT_EQ(read_rebuild(text), (Rebuild{.reason = "an earlier one did not come to its end"}))
        << text;
  }
}

TEST(PrefixTreeFiles, ARecordThatCannotBeReadIsNone) {
  for (const char* text : {"", "{", "[]", "{}", R"({"database":7})"}) {
    EXPECT_EQ(read_record(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace charm::prefix_tree
