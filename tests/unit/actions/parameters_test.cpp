// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/actions/parameters.hpp"

#include "charm/domain/error.hpp"

#include <gtest/gtest.h>

namespace charm::actions {
namespace {

TEST(Parameters, AreReadByTheirTypes) {
  const Parameters parameters(R"({"comment":"spam","limit":-5,"dry-run":true})");
  EXPECT_EQ(parameters.text("comment"), "spam");
  EXPECT_EQ(parameters.number("limit"), -5);
  EXPECT_TRUE(parameters.flag("dry-run"));
}

TEST(Parameters, AreEmptyWhenNotGiven) {
  const Parameters parameters("{}");
  EXPECT_EQ(parameters.text("comment"), "");
  EXPECT_EQ(parameters.number("limit"), 0);
  EXPECT_FALSE(parameters.flag("dry-run"));
}

TEST(Parameters, OfAnotherTypeAreAFaultOfTheCharm) {
  const Parameters parameters(R"({"comment":1,"limit":"five"})");
  EXPECT_THROW(static_cast<void>(parameters.text("comment")), Error);
  EXPECT_THROW(static_cast<void>(parameters.number("limit")), Error);
  EXPECT_THROW(static_cast<void>(parameters.flag("limit")), Error);
}

TEST(Parameters, AreOneFlatJsonObject) {
  for (const char* text : {"", "null", "[]", "{", R"({"a":[1]})", R"({"a":{}})", R"({"a":1.5})"}) {
    EXPECT_THROW(Parameters{text}, Error) << text;
  }
}

}  // namespace
}  // namespace charm::actions
