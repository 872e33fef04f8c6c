// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/socket/alarm.hpp"

#include <gtest/gtest.h>

#include <array>
#include <thread>

#include <sys/socket.h>
#include <unistd.h>

namespace charm::socket {
namespace {

class AlarmTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0); }

  void TearDown() override {
    close(ends[0]);
    close(ends[1]);
  }

  std::array<int, 2> ends = {};
};

TEST_F(AlarmTest, EndsAReadThatNobodyAnswers) {
  Alarm alarm(std::chrono::milliseconds(50));
  alarm.watch(ends[0]);
  char byte = 0;
  EXPECT_EQ(read(ends[0], &byte, 1), 0);
  EXPECT_TRUE(alarm.passed());
}

TEST_F(AlarmTest, LeavesTheSocketAloneWhenAllIsDoneInTime) {
  {
    Alarm alarm(std::chrono::hours(1));
    alarm.watch(ends[0]);
    EXPECT_FALSE(alarm.passed());
  }
  char byte = 'x';
  EXPECT_EQ(write(ends[1], &byte, 1), 1);
  EXPECT_EQ(read(ends[0], &byte, 1), 1);
}

TEST_F(AlarmTest, RingsLaterIfItIsSetLater) {
  Alarm alarm(std::chrono::milliseconds(200));
  alarm.watch(ends[0]);
  alarm.set(std::chrono::hours(1));
  std::this_thread::sleep_for(std::chrono::milliseconds(400));
  char byte = 'x';
  EXPECT_EQ(write(ends[1], &byte, 1), 1);
  EXPECT_EQ(read(ends[0], &byte, 1), 1);
  alarm.set(std::chrono::milliseconds(0));
  EXPECT_EQ(read(ends[0], &byte, 1), 0);
}

}  // namespace
}  // namespace charm::socket
