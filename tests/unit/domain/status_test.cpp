// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/status.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace charm {
namespace {

TEST(Status, OfNothingToReportIsActiveWithoutAMessage) {
  EXPECT_EQ(aggregate({}), (Status{StatusKind::active, ""}));
}

TEST(Status, TheMostUrgentKindWins) {
  const std::vector<Status> statuses = {{StatusKind::waiting, "for the database"},
                                        {StatusKind::blocked, "no database"},
                                        {StatusKind::maintenance, "rebuilding"},
                                        {StatusKind::active, "fine"}};
  EXPECT_EQ(aggregate(statuses), (Status{StatusKind::blocked, "no database"}));
}

TEST(Status, MaintenanceIsMoreUrgentThanWaiting) {
  const std::vector<Status> statuses = {{StatusKind::waiting, "w"}, {StatusKind::maintenance, "m"}};
  EXPECT_EQ(aggregate(statuses).message, "m");
}

TEST(Status, TheFirstOfEquallyUrgentOnesWins) {
  const std::vector<Status> statuses = {
      {StatusKind::active, ""}, {StatusKind::blocked, "first"}, {StatusKind::blocked, "second"}};
  EXPECT_EQ(aggregate(statuses).message, "first");
}

TEST(Status, KeepsTheMessageOfAnActiveOne) {
  const std::vector<Status> statuses = {{StatusKind::active, "reader"}};
  EXPECT_EQ(aggregate(statuses), statuses.front());
}

TEST(Status, KindsAreJujusWords) {
  EXPECT_EQ(to_string(StatusKind::active), "active");
  EXPECT_EQ(to_string(StatusKind::waiting), "waiting");
  EXPECT_EQ(to_string(StatusKind::maintenance), "maintenance");
  EXPECT_EQ(to_string(StatusKind::blocked), "blocked");
}

}  // namespace
}  // namespace charm
