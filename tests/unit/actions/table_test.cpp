// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "src/actions/table.hpp"

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

}  // namespace
}  // namespace charm::actions
