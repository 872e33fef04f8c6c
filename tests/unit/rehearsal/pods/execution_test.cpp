// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/execution.hpp"

#include "tests/support/eventually.hpp"
#include "tests/unit/rehearsal/pods/cluster_fixture.hpp"

#include <gtest/gtest.h>

namespace {

using rehearsal::Execution;
using rehearsal::ExecutionResult;
using test::Printed;

class Executions : public test::ClusterTest {
 protected:
  void SetUp() override {
    ClusterTest::SetUp();
    if (cluster_) {
      rehearsal::PodSpec spec = pod("app/0", 5);
      spec.charm_user = 170;
      spec.containers.clear();
      cluster_->create_pod(spec);
    }
  }
};

TEST_F(Executions, HaveExactlyTheGivenEnvironment) {
  Execution execution{.argv = {"/usr/bin/env"}, .environment = {{"ONE", "1"}, {"EMPTY", ""}}};
  std::vector<std::string> lines;
  execution.on_line = [&](bool, const std::string& line) { lines.push_back(line); };
  cluster_->execute("app/0", execution);
  EXPECT_EQ(lines, (std::vector<std::string>{"EMPTY=", "ONE=1"}));
}

TEST_F(Executions, RunAsTheCharmUserWithoutFurtherGroups) {
  EXPECT_EQ(charm_shell("app/0", "id -u; id -g; id -G").out,
            (std::vector<std::string>{"170", "170", "170"}));
}

TEST_F(Executions, StartInTheirDirectoryWithoutInputOrCoreDumps) {
  Printed printed;
  const ExecutionResult result = cluster_->execute(
      "app/0", {.argv = {"sh", "-c", "pwd; cat; ulimit -c; ulimit -Hc"},
                .environment = {{"PATH", "/usr/bin:/bin"}},
                .directory = "/var/lib/juju",
                .on_line = [&](bool, const std::string& line) { printed.out.push_back(line); }});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(printed.out, (std::vector<std::string>{"/var/lib/juju", "0", "0"}));
}

TEST_F(Executions, GiveLinesOfBothStreamsAndTheExitCode) {
  const Printed printed = charm_shell("app/0", "echo one; echo two >&2; printf three; exit 7");
  EXPECT_EQ(printed.out, (std::vector<std::string>{"one", "three"}));
  EXPECT_EQ(printed.err, std::vector<std::string>{"two"});
  EXPECT_EQ(printed.result.exit_code, 7);
  EXPECT_FALSE(printed.result.timed_out);
}

TEST_F(Executions, ReportTheSignalThatEndedThem) {
  EXPECT_EQ(charm_shell("app/0", "kill -SEGV $$").result.exit_code, 128 + 11);
}

TEST_F(Executions, AreKilledWithTheirChildrenAtTheLimit) {
  const auto begin = std::chrono::steady_clock::now();
  const ExecutionResult result =
      cluster_->execute("app/0", {.argv = {"sh", "-c", "sleep 1000 & sleep 1000"},
                                  .environment = {{"PATH", "/usr/bin:/bin"}},
                                  .limit = std::chrono::milliseconds(200)});
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.exit_code, 128 + 9);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
  // A killed process is gone shortly after.
  EXPECT_TRUE(test::eventually([this] {
    return charm_shell("app/0", "cat /proc/[0-9]*/comm | grep -c sleep").out ==
           std::vector<std::string>{"0"};
  }));
}

TEST_F(Executions, DoNotWaitForChildrenInTheBackground) {
  const auto begin = std::chrono::steady_clock::now();
  const Printed printed = charm_shell("app/0", "sleep 1000 & echo done");
  EXPECT_EQ(printed.out, std::vector<std::string>{"done"});
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

TEST_F(Executions, MeasureTheProgramAndItsChildren) {
  const ExecutionResult result =
      charm_shell("app/0", "sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done'; true")
          .result;
  EXPECT_GT(result.user_cpu_seconds, 0.02);
  EXPECT_LT(result.user_cpu_seconds, 20);
  EXPECT_GT(result.max_rss_kib, 300);
  EXPECT_LT(result.max_rss_kib, 100'000);
}

TEST_F(Executions, OfAMissingProgramSayWhich) {
  std::vector<std::string> lines;
  const ExecutionResult result = cluster_->execute(
      "app/0", {.argv = {"/no/such/program"},
                .on_line = [&](bool, const std::string& line) { lines.push_back(line); }});
  EXPECT_EQ(result.exit_code, 127);
  EXPECT_EQ(lines,
            std::vector<std::string>{"cannot execute /no/such/program: No such file or directory"});
}

TEST_F(Executions, AreFoundOnTheirOwnPath) {
  EXPECT_EQ(cluster_->execute("app/0", {.argv = {"true"}, .environment = {{"PATH", "/usr/bin"}}})
                .exit_code,
            0);
  EXPECT_EQ(
      cluster_->execute("app/0", {.argv = {"true"}, .environment = {{"PATH", "/opt"}}}).exit_code,
      127);
}

TEST_F(Executions, TakeManyLongLines) {
  const Printed printed = charm_shell(
      "app/0", "i=0; while [ $i -lt 200 ]; do printf '%05000d\\n' $i; i=$((i+1)); done");
  ASSERT_EQ(printed.out.size(), 200U);
  EXPECT_EQ(printed.out.back().size(), 5000U);
}

}  // namespace
