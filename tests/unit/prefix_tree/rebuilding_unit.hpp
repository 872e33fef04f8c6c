// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/prefix_tree.hpp"
#include "tests/unit/hook/dispatched_unit.hpp"

#include <gtest/gtest.h>

#include <string>

/// The steps that tests of prefix tree rebuilds share.
namespace charm {

inline constexpr const char* build = "prefix-tree-build";
inline constexpr const char* asked = "an action asked for it";

inline void dispatch(DispatchedUnit& unit) {
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
}

/// Gives the unit a database of a thousand keys.
inline void relate(DispatchedUnit& unit) {
  unit.relate_database();
  unit.key_count = 1000;
}

/// The unit must serve with a complete tree.
inline void expect_whole(DispatchedUnit& unit, const std::string& when = {}) {
  EXPECT_EQ(unit.status(), Status{}) << when;
  EXPECT_EQ(unit.digests, unit.key_count) << when;
  EXPECT_EQ(unit.file(prefix_tree::rebuild_path), "") << when;
  EXPECT_EQ(unit.pebble.current("hockeypuck"), "active") << when;
  EXPECT_FALSE(unit.both_ran) << when;
}

}  // namespace charm
