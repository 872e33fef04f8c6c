// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/actions/action.hpp"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>

namespace charm::actions {
namespace {

TEST(Actions, AreThoseOfActionsYamlEachOnce) {
  std::multiset<std::string> registered;
  for (const Action* action : actions()) {
    registered.emplace(action->name());
  }
  std::multiset<std::string> declared;
  for (const auto& entry : YAML::LoadFile(SOURCE_DIR "/actions.yaml")) {
    declared.insert(entry.first.as<std::string>());
  }
  EXPECT_EQ(registered, declared);
}

TEST(Actions, AreSortedByName) {
  const auto all = actions();
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](const Action* left, const Action* right) {
    return left->name() < right->name();
  }));
}

}  // namespace
}  // namespace charm::actions
