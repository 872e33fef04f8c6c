// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "src/actions/results.hpp"

#include <gtest/gtest.h>

namespace charm::actions {
namespace {

TEST(Table, LinesCellsUpAndEndsNoLineInBlanks) {
  EXPECT_EQ(table({{"Peer", "Verdict", "Note"}, {"keys.example.com", "ok", ""}, {"b"}}),
            "Peer              Verdict  Note\n"
            "keys.example.com  ok\n"
            "b");
  EXPECT_EQ(table({{"é", "x"}, {"ab", "y"}}), "é   x\nab  y");
  EXPECT_EQ(table({}), "");
}

TEST(Results, HoldAsManyItemsAsFit) {
  const auto render = [](const std::vector<std::string>& items, std::size_t left_out) {
    std::string text;
    for (const std::string& item : items) {
      text += item;
    }
    return text + " and " + std::to_string(left_out) + " more";
  };
  EXPECT_EQ(fitting(std::vector<std::string>{"a", "b"}, render), "ab and 0 more");
  const std::string text = fitting(std::vector<std::string>(1000, std::string(1000, 'x')), render);
  EXPECT_LE(text.size(), longest_result);
  EXPECT_GT(text.size(), longest_result * 9 / 10);
  EXPECT_TRUE(text.ends_with("x and 911 more")) << text.substr(text.size() - 20);
  EXPECT_EQ(fitting(std::vector<std::string>{std::string(100'000, 'x')}, render), " and 1 more");
}

TEST(Results, HaveKeysThatJujuTakes) {
  EXPECT_EQ(result_key("/d/Secret.asc"), "d-secret-asc");
  EXPECT_EQ(result_key("-A b-"), "a-b");
  EXPECT_EQ(result_key("\xC3\xA9?"), "unreadable");
  EXPECT_EQ(result_key(std::string(100, 'x')), std::string(80, 'x'));
}

TEST(Quantities, TimesAreInUtcToTheSecond) {
  const auto at = [](std::int64_t seconds) {
    return time_text(std::chrono::sys_seconds(std::chrono::seconds(seconds)));
  };
  EXPECT_EQ(at(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(at(1'795'395'134), "2026-11-23T00:52:14Z");
  EXPECT_EQ(time_text({}), "never");
}

TEST(Quantities, DurationsHaveTheirTwoLargestUnits) {
  const auto of = [](std::int64_t seconds) { return duration_text(std::chrono::seconds(seconds)); };
  EXPECT_EQ(of(-5), "0 s");
  EXPECT_EQ(of(0), "0 s");
  EXPECT_EQ(of(59), "59 s");
  EXPECT_EQ(of(61), "1 min 1 s");
  EXPECT_EQ(of(3600), "1 h");
  EXPECT_EQ(of(3601), "1 h");
  EXPECT_EQ(of(90 * 86400 + 7 * 3600 + 59), "90 d 7 h");
}

TEST(Quantities, SizesHaveOneDecimalPlace) {
  EXPECT_EQ(size_text(0), "0 bytes");
  EXPECT_EQ(size_text(1023), "1023 bytes");
  EXPECT_EQ(size_text(1024), "1.0 KiB");
  EXPECT_EQ(size_text(1023 * 1024), "1023.0 KiB");
  EXPECT_EQ(size_text(14'889'000), "14.1 MiB");
  EXPECT_EQ(size_text(3LL << 40U), "3.0 TiB");
}

}  // namespace
}  // namespace charm::actions
