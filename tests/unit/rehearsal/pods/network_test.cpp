// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/network.hpp"

#include "tests/support/child_process.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/free_port.hpp"
#include "tests/unit/rehearsal/pods/cluster_fixture.hpp"

#include <gtest/gtest.h>

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

namespace {

using std::chrono::milliseconds;

class PortForwards : public test::ClusterTest {
 protected:
  static std::string ask(std::uint16_t port) {
    return test::run(
               {.arguments = {"bash", "-c",
                              "exec 3<>/dev/tcp/127.0.0.1/" + std::to_string(port) +
                                  "; printf 'GET /v1/health HTTP/1.0\\r\\nHost: x\\r\\n\\r\\n' "
                                  ">&3; cat <&3"}})
        .output;
  }

  static bool is_free(std::uint16_t port) {
    try {
      return rehearsal::pods::listen_locally(port).port == port;
    } catch (const rehearsal::MachineError&) {
      return false;
    }
  }

  /// Pebble listens on the port shortly after its socket exists.
  static bool is_healthy(std::uint16_t port) {
    return test::eventually(
        [port] { return ask(port).find("\"healthy\":true") != std::string::npos; });
  }
};

TEST_F(PortForwards, LeadFromTheMachineIntoThePod) {
  cluster_->create_pod(pod("app/0", 5));
  const std::uint16_t port = cluster_->port_forward("app/0", 0, 38813, true);
  EXPECT_NE(port, 0);
  EXPECT_TRUE(is_healthy(port));
}

TEST_F(PortForwards, FollowTheUnitToItsNextPod) {
  cluster_->create_pod(pod("app/0", 5));
  const std::uint16_t port = cluster_->port_forward("app/0", 0, 38813, true);
  cluster_->delete_pod("app/0", milliseconds(100));
  EXPECT_EQ(ask(port), "");
  cluster_->create_pod(pod("app/0", 9));
  EXPECT_TRUE(is_healthy(port));
}

TEST_F(PortForwards, EndWithTheModel) {
  cluster_->create_pod(pod("app/0", 5));
  const std::uint16_t port = test::free_port();
  cluster_->port_forward("app/0", port, 38813, true);
  cluster_->destroy();
  EXPECT_TRUE(is_free(port));
}

TEST_F(PortForwards, InTheForegroundEndAtTheSignal) {
  cluster_->create_pod(pod("app/0", 5));
  const std::uint16_t port = test::free_port();
  const pid_t child = fork();
  if (child == 0) {
    cluster_->port_forward("app/0", port, 38813, false);
    _exit(0);
  }
  EXPECT_TRUE(is_healthy(port));
  kill(child, SIGTERM);
  waitpid(child, nullptr, 0);
  EXPECT_TRUE(test::eventually([port] { return is_free(port); }));
}

TEST_F(PortForwards, RefuseATakenPort) {
  cluster_->create_pod(pod("app/0", 5));
  const rehearsal::pods::LocalListener taken = rehearsal::pods::listen_locally(0);
  EXPECT_THROW(cluster_->port_forward("app/0", taken.port, 38813, true), rehearsal::MachineError);
}

}  // namespace
