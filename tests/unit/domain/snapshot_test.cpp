// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/snapshot.hpp"

#include <gtest/gtest.h>

namespace charm {
namespace {

TEST(Snapshot, FindsTheRelationsOfOneEndpointLowestIdFirst) {
  const Snapshot snapshot{.relations = {{.id = 10, .endpoint = "logging"},
                                        {.id = 7, .endpoint = "database"},
                                        {.id = 9, .endpoint = "logging"},
                                        {.id = 2, .endpoint = "logging-extra"}}};
  const auto found = snapshot.on("logging");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0], &snapshot.relations[2]);
  EXPECT_EQ(found[1], &snapshot.relations[0]);
}

TEST(Snapshot, HasNoRelationOfAnEndpointThatNothingIsIntegratedWith) {
  EXPECT_TRUE(Snapshot{}.on("database").empty());
}

}  // namespace
}  // namespace charm
