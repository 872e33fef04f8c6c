// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/block_list.hpp"

#include "charm/domain/error.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace charm {
namespace {

const std::string v4 = "1026bb4feaf2248a6fce65bde0ade11b311d47ac";

std::string reason_against(const std::string& line) {
  try {
    static_cast<void>(read_block_list_line(line));
  } catch (const InputError& fault) {
    return fault.what();
  }
  return "none";
}

TEST(BlockComment, IsOneLineOfText) {
  EXPECT_EQ(block_comment("  R1234: it's \"spam\" \\ 100%\t; DROP TABLE keys\r\n--"),
            "R1234: it's \"spam\" \\ 100% ; DROP TABLE keys  --");
  EXPECT_EQ(block_comment(std::string("a\0b\x1b[31mc\x7f", 10)), "a b [31mc");
  EXPECT_EQ(block_comment("müß 鍵 🔑"), "müß 鍵 🔑");
}

TEST(BlockComment, HasAMarkWhereTheTextIsNotUtf8) {
  EXPECT_EQ(block_comment("a\xff"
                          "b\xc3"),
            "a\uFFFDb\uFFFD");
  EXPECT_EQ(block_comment("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD");
}

TEST(BlockComment, IsCutBetweenCharacters) {
  EXPECT_EQ(block_comment(std::string(2000, 'x')).size(), 1000U);
  const std::string comment = block_comment("x" + [] {
    std::string umlauts;
    for (int i = 0; i < 1000; ++i) {
      umlauts += "ü";
    }
    return umlauts;
  }());
  EXPECT_EQ(comment.size(), 999U);
  EXPECT_EQ(comment.substr(997), "ü");
}

TEST(BlockListLine, IsReadAsItWasWritten) {
  for (const std::string comment :
       {"", "R1234", "a, b", "say \"no\"", "\"", "\"\"", "=1+1", "鍵"}) {
    const BlockedKey entry{v4, "2026-11-23T20:44:11Z", "hockeypuck-k8s/0", comment};
    EXPECT_EQ(read_block_list_line(block_list_line(entry)), entry) << comment;
  }
  EXPECT_EQ(block_list_line({v4, "2026-11-23T20:44:11Z", "me", "a, \"b\""}),
            v4 + ",2026-11-23T20:44:11Z,me,\"a, \"\"b\"\"\"");
}

TEST(BlockListLine, MayBeAFingerprintOnly) {
  EXPECT_EQ(read_block_list_line("0x1026BB4FEAF2248A6FCE65BDE0ADE11B311D47AC\r"),
            (BlockedKey{v4, "", "", ""}));
  EXPECT_EQ(read_block_list_line("\uFEFF" + v4 + ",,,R1"), (BlockedKey{v4, "", "", "R1"}));
}

TEST(BlockListLine, MayBeNoEntry) {
  const std::string byte_order_mark = "\uFEFF";
  for (const std::string& line :
       {std::string(), std::string(" \r"), std::string("# kept by hand"),
        std::string(block_list_header), byte_order_mark + "fingerprint"}) {
    EXPECT_EQ(read_block_list_line(line), std::nullopt) << line;
  }
}

TEST(BlockListLine, IsRefusedWithAReason) {
  EXPECT_EQ(reason_against("E0ADE11B311D47AC,,,"),
            "\"E0ADE11B311D47AC\" is not a fingerprint of 40 or 64 hexadecimal digits");
  EXPECT_EQ(reason_against(v4 + ",,,a,b"),
            "there are more than four fields: a comment with commas needs quotation marks");
  EXPECT_EQ(reason_against(v4 + ",,,\"a"), "a quotation mark is not closed");
  for (const std::string date :
       {"yesterday", "2026-02-30T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23 20:44:11Z",
        "2026-11-23T20:44:11", "0000-01-01T00:00:00Z", "2026-11--3T00:00:00Z"}) {
    const std::string line = v4 + "," + date;
    EXPECT_EQ(reason_against(line),
              std::string("\"").append(date).append("\" is not a date like 2026-11-23T20:44:11Z"));
  }
}

}  // namespace
}  // namespace charm
