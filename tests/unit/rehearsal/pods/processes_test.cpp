// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/processes.hpp"

#include <gtest/gtest.h>

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

namespace {

using rehearsal::pods::alive;
using rehearsal::pods::identify;
using rehearsal::pods::ProcessIdentity;

TEST(ProcessIdentity, KnowsALivingProcess) {
  const ProcessIdentity self = identify(getpid());
  EXPECT_GT(self.started, 0U);
  EXPECT_TRUE(alive(self));
}

TEST(ProcessIdentity, IsNotMistakenForALaterProcessOfThatNumber) {
  ProcessIdentity self = identify(getpid());
  self.started += 1;
  EXPECT_FALSE(alive(self));
}

TEST(ProcessIdentity, CountsAnEndedChildAsEnded) {
  const pid_t child = fork();
  if (child == 0) {
    pause();
    _exit(0);
  }
  const ProcessIdentity process = identify(child);
  EXPECT_TRUE(alive(process));
  EXPECT_FALSE(rehearsal::pods::wait_for_end(process, std::chrono::milliseconds(20)));
  rehearsal::pods::end_process(process);
  EXPECT_FALSE(alive(process)) << "ended, though not collected yet";
  waitpid(child, nullptr, 0);
  EXPECT_FALSE(alive(process));
}

TEST(ProcessIdentity, OfNothingIsNotAlive) {
  EXPECT_FALSE(alive({}));
}

}  // namespace
