// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "databag_text.hpp"

#include "databags.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace databag_text_test {

TEST(DatabagJson, IsWrittenSortedOnOneLineAndAlwaysAsUtf8) {
  EXPECT_EQ(charm::databag::dump_json({{"b", 1}, {"a", {"x\xFF", true}}}),
            "{\"a\":[\"x\uFFFD\",true],\"b\":1}");
}

TEST(RemoteText, IsShownAsOneShortLine) {
  EXPECT_EQ(charm::databag::printable(" a\nb\tc\x7F\x1B[0m "), "a b c  [0m");
  EXPECT_EQ(charm::databag::printable("a\xFF"), "a\uFFFD");
  EXPECT_EQ(charm::databag::printable(std::string(500, 'x')), std::string(200, 'x'));
  EXPECT_EQ(charm::databag::printable(std::string(500, '\x80')), "");
}

TEST(UnitOrder, IsByApplicationThenByNumber) {
  EXPECT_TRUE(charm::databag::precedes("loki/2", "loki/10"));
  EXPECT_FALSE(charm::databag::precedes("loki/10", "loki/2"));
  EXPECT_TRUE(charm::databag::precedes("a/10", "b/2"));
  EXPECT_FALSE(charm::databag::precedes("a/1", "a/1"));
}

}  // namespace databag_text_test
