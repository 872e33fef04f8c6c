// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/actions/action.hpp"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>

namespace charm::actions {
namespace {

TEST(Actions, AreThoseOfActionsYamlEachOnceByName) {
  std::vector<std::string> registered;
  for (const Action& action : actions()) {
    registered.emplace_back(action.name);
  }
  std::set<std::string> declared;
  for (const auto& entry : YAML::LoadFile(SOURCE_DIR "/actions.yaml")) {
    declared.insert(entry.first.as<std::string>());
  }
  EXPECT_EQ(registered, std::vector<std::string>(declared.begin(), declared.end()));
}

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

TEST(Parameters, AreRefusedWhenTheyAreTooLarge) {
  EXPECT_EQ(Parameters(R"({"limit":9223372036854775807})").number("limit"), INT64_MAX);
  EXPECT_THROW(Parameters(R"({"limit":9223372036854775808})"), Failure);
}

TEST(Parameters, AreOneFlatJsonObject) {
  for (const char* text : {"", "null", "[]", "{", R"({"a":[1]})", R"({"a":{}})", R"({"a":1.5})"}) {
    EXPECT_THROW(Parameters{text}, Error) << text;
  }
}

}  // namespace
}  // namespace charm::actions
