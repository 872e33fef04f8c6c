// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/socket/deadline.hpp"

#include <gtest/gtest.h>

#include <array>

#include <sys/socket.h>
#include <unistd.h>

namespace charm::socket {
namespace {

class DeadlineTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0); }

  void TearDown() override {
    close(ends[0]);
    close(ends[1]);
  }

  std::array<int, 2> ends = {};
};

TEST_F(DeadlineTest, EndsAReadThatNobodyAnswers) {
  Deadline deadline(std::chrono::milliseconds(50));
  deadline.watch(ends[0]);
  char byte = 0;
  EXPECT_EQ(read(ends[0], &byte, 1), 0);
  EXPECT_TRUE(deadline.passed());
}

TEST_F(DeadlineTest, LeavesTheSocketAloneWhenAllIsDoneInTime) {
  {
    Deadline deadline(std::chrono::hours(1));
    deadline.watch(ends[0]);
    EXPECT_FALSE(deadline.passed());
  }
  char byte = 'x';
  EXPECT_EQ(write(ends[1], &byte, 1), 1);
  EXPECT_EQ(read(ends[0], &byte, 1), 1);
}

}  // namespace
}  // namespace charm::socket
