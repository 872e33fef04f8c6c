// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/file_system.hpp"

#include "tests/unit/rehearsal/pods/cluster_fixture.hpp"

#include <gtest/gtest.h>

namespace {

using test::Printed;

class FileSystems : public test::ClusterTest {
 protected:
  void SetUp() override {
    ClusterTest::SetUp();
    if (cluster_) {
      cluster_->create_pod(pod("app/0", 5));
    }
  }
};

TEST_F(FileSystems, ShareTheMachinesProgramsReadOnly) {
  EXPECT_NE(workload_shell("app/0", "touch /usr/mine").result.exit_code, 0);
  EXPECT_NE(workload_shell("app/0", "touch /etc/hosts").result.exit_code, 0);
  EXPECT_NE(workload_shell("app/0", "echo x >> /charm/bin/pebble").result.exit_code, 0);
  EXPECT_EQ(workload_shell("app/0", "echo hello | sed s/hello/works/").out,
            std::vector<std::string>{"works"});
}

TEST_F(FileSystems, HideTheRestOfTheMachine) {
  EXPECT_EQ(workload_shell("app/0", "test -e " + directory_.path().string()).result.exit_code, 1);
  EXPECT_EQ(workload_shell("app/0", "test -e /etc/shadow").result.exit_code, 1);
  const Printed processes = workload_shell("app/0", "ls /proc | grep -c '^[0-9]'");
  ASSERT_EQ(processes.out.size(), 1U);
  EXPECT_LT(std::stoi(processes.out[0]), 10);
}

TEST_F(FileSystems, HaveTheDevicesThatProgramsExpect) {
  EXPECT_EQ(workload_shell("app/0",
                           "cd /; head -c 4 /dev/urandom | wc -c; echo lost > /dev/null; "
                           "head -c 3 /dev/zero | wc -c; echo x > /dev/shm/x && cat /dev/shm/x; "
                           "echo ok > /dev/stdout")
                .out,
            (std::vector<std::string>{"4", "3", "x", "ok"}));
}

TEST_F(FileSystems, KnowUsersAndAskNoNameServer) {
  EXPECT_EQ(charm_shell("app/0",
                        "getent passwd juju | cut -d: -f3; id -u postgres > /dev/null && "
                        "cat /etc/resolv.conf | wc -c")
                .out.front(),
            "170");
  EXPECT_NE(charm_shell("app/0", "getent hosts example.com").result.exit_code, 0);
}

TEST_F(FileSystems, InstallThePackagesThatTheMachineHas) {
  if (!std::filesystem::exists("/var/lib/dpkg/status")) {
    GTEST_SKIP() << "this machine has no dpkg";
  }
  EXPECT_EQ(charm_shell("app/0",
                        "apt-get update --error-on=any && apt-get --assume-yes install bash && "
                        "dpkg --list bash")
                .result.exit_code,
            0);
  const Printed absent = charm_shell("app/0", "apt-get --assume-yes install no-such-package");
  EXPECT_EQ(absent.result.exit_code, 100);
  ASSERT_FALSE(absent.err.empty());
  EXPECT_EQ(absent.err.back(), "E: Unable to locate package no-such-package");
}

TEST_F(FileSystems, HavePrivateWritableDirectories) {
  EXPECT_EQ(workload_shell("app/0",
                           "for d in /tmp /run /var/lib /var/log /etc /dev/shm; do touch "
                           "$d/probe || echo $d; done")
                .out,
            std::vector<std::string>{});
  EXPECT_EQ(charm_shell("app/0", "ls -d /tmp/probe /run/probe /etc/probe").out,
            std::vector<std::string>{});
}

}  // namespace
