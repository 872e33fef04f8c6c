// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/rehearsal_test.hpp"

#include <algorithm>

namespace test {
namespace {

class Units : public RehearsalTest {
 protected:
  /// The units on whose pods the reconciliation port listens.
  std::set<std::string> reconciling(const std::set<std::string>& units) {
    std::set<std::string> found;
    for (const std::string& unit : units) {
      if (listens(11370, unit)) {
        found.insert(unit);
      }
    }
    return found;
  }
};

TEST_F(Units, AllServeOneReconcilesAndLeadershipMoves) {
  const std::set<std::string> units = {"hockeypuck-k8s/0", "hockeypuck-k8s/1", "hockeypuck-k8s/2"};
  model.deploy_all();
  ASSERT_TRUE(upload("alice"));
  model.rehearse({"scale", "hockeypuck-k8s", "3"});
  ASSERT_TRUE(model.becomes("active"));
  for (const std::string& unit : units) {
    EXPECT_EQ(look_up(alice, unit), 200) << unit;
  }
  EXPECT_EQ(reconciling(units), std::set<std::string>{"hockeypuck-k8s/0"});

  model.rehearse({"leadership", "hockeypuck-k8s/1"});
  model.update_status();
  EXPECT_EQ(reconciling(units), std::set<std::string>{"hockeypuck-k8s/1"});
  for (const std::string& unit : units) {
    EXPECT_EQ(look_up(alice, unit), 200) << unit;
  }

  model.rehearse({"scale", "hockeypuck-k8s", "1"});
  ASSERT_TRUE(model.becomes("active"));
  model.update_status();
  EXPECT_EQ(reconciling({"hockeypuck-k8s/0"}), std::set<std::string>{"hockeypuck-k8s/0"});
  EXPECT_EQ(look_up(alice), 200);
  expect_settled();
}

}  // namespace
}  // namespace test
