// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/pebble/agent_under_test.hpp"
#include "tests/support/eventually.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <sys/stat.h>
#include <unistd.h>

namespace contract::pebble {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class ServiceLife : public PebbleContract {};

/// The times of the service's lines, in milliseconds from the first.
std::vector<long> print_times(const AgentUnderTest& agent, const std::string& service) {
  std::vector<long> times;
  for (const std::string& message : agent.log(service)) {
    times.push_back(std::stol(message));
  }
  for (auto time = times.rbegin(); time != times.rend(); ++time) {
    *time -= times.front();
  }
  return times;
}

pid_t pid_printed_by(const AgentUnderTest& agent, const std::string& service) {
  EXPECT_TRUE(test::eventually([&] { return !agent.log(service).empty(); }));
  return static_cast<pid_t>(std::stol(agent.log(service).back()));
}

bool is_alive(pid_t pid) {
  return kill(pid, 0) == 0;
}

TEST_P(ServiceLife, BackOffDoublesUpToItsLimit) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", R"(
services:
  a:
    override: replace
    command: sh -c 'date +%s%3N; exit 1'
    backoff-delay: 200ms
    backoff-limit: 1s
)");
  const Json change = agent.change("start", {"a"});
  EXPECT_EQ(change["status"], "Error");
  EXPECT_EQ(agent.current("a"), "backoff");
  ASSERT_TRUE(test::eventually([&] { return agent.log("a").size() >= 5; }));
  const std::vector<long> times = print_times(agent, "a");
  const std::vector<long> expected{200, 400, 800, 1000};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const long pause = times[i + 1] - times[i];
    EXPECT_GE(pause, expected[i]);
    // A tenth of jitter, and a margin for a busy machine.
    EXPECT_LE(pause, expected[i] + expected[i] / 10 + 1500);
  }
  const auto start = steady_clock::now();
  EXPECT_EQ(agent.change("stop", {"a"})["status"], "Done");
  EXPECT_LT(steady_clock::now() - start, milliseconds(4000));
  EXPECT_EQ(agent.current("a"), "inactive");
}

TEST_P(ServiceLife, WaitingForAChangeTimesOutWith504) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", "services: {a: {override: replace, command: sleep 100}}");
  const std::string id = agent.begin_change("start", {"a"});
  const auto start = steady_clock::now();
  const Answer answer = agent.get("/v1/changes/" + id + "/wait?timeout=300ms");
  EXPECT_EQ(answer.status, 504);
  EXPECT_GE(steady_clock::now() - start, milliseconds(300));
  EXPECT_EQ(agent.wait_change(id)["status"], "Done");
}

TEST_P(ServiceLife, AOneShotServiceEndsInactiveOrInError) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", R"(
services:
  good: {override: replace, command: sh -c 'sleep 1.2; echo done', on-success: ignore, on-failure: ignore}
  bad: {override: replace, command: sh -c 'sleep 1.2; exit 7', on-success: ignore, on-failure: ignore}
)");
  EXPECT_EQ(agent.change("start", {"good", "bad"})["status"], "Done");
  EXPECT_EQ(agent.current("good"), "active");
  ASSERT_TRUE(test::eventually([&] { return agent.current("bad") == "error"; }));
  ASSERT_TRUE(test::eventually([&] { return agent.current("good") == "inactive"; }));
  EXPECT_EQ(agent.log("good"), std::vector<std::string>{"done"});
  // It can be started again.
  EXPECT_EQ(agent.change("start", {"good"})["status"], "Done");
}

TEST_P(ServiceLife, StoppingReachesTheWholeProcessGroup) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", R"(
services:
  a: {override: replace, command: "sh -c 'sleep 1000 & echo $!; wait'"}
)");
  agent.change("start", {"a"});
  const pid_t child = pid_printed_by(agent, "a");
  ASSERT_TRUE(is_alive(child));
  EXPECT_EQ(getpgid(child) == getpgrp(), false);
  EXPECT_EQ(agent.change("stop", {"a"})["status"], "Done");
  EXPECT_TRUE(test::eventually([child] { return !is_alive(child); }));
}

TEST_P(ServiceLife, AStubbornServiceIsKilledAfterItsDelay) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", R"(
services:
  a:
    override: replace
    command: sh -c 'trap "" TERM; echo $$; while true; do sleep 0.1; done'
    kill-delay: 700ms
)");
  agent.change("start", {"a"});
  const pid_t process = pid_printed_by(agent, "a");
  const auto start = steady_clock::now();
  EXPECT_EQ(agent.change("stop", {"a"})["status"], "Done");
  EXPECT_GE(steady_clock::now() - start, milliseconds(650));
  EXPECT_FALSE(is_alive(process));
}

TEST_P(ServiceLife, OrphansDoNotStayAsZombies) {
  const AgentUnderTest agent(program());
  // The inner shell outlives its parent, becomes a child of the agent and then ends.
  agent.add_layer("l", R"(
services:
  a:
    override: replace
    command: sh -c 'sh -c "echo \$\$; sleep 1.5" & exec sleep 1.2'
    on-success: ignore
    kill-delay: 100ms
)");
  agent.change("start", {"a"});
  const pid_t orphan = pid_printed_by(agent, "a");
  EXPECT_TRUE(test::eventually([orphan] { return !is_alive(orphan); }));
}

TEST_P(ServiceLife, RunsWithItsEnvironmentUserAndFolder) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "only root can change the user";
  }
  const AgentUnderTest agent(program(), {.environment = {{"FROM_AGENT", "x"}, {"A", "agent"}}});
  agent.add_layer("l", R"(
services:
  a:
    override: replace
    command: sh -c 'echo $A $FROM_AGENT $(id -u) $(id -g) $(id -G) $(pwd) $HOME $USER; exec sleep 100'
    environment: {A: layer}
    user-id: 65534
    group-id: 65534
    working-dir: /usr
)");
  EXPECT_EQ(agent.change("start", {"a"})["status"], "Done");
  ASSERT_EQ(agent.log("a"),
            std::vector<std::string>{"layer x 65534 65534 65534 /usr /nonexistent nobody"});
}

TEST_P(ServiceLife, ACommandThatIsNotOnPathIsNotRestarted) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", "services: {a: {override: replace, command: no-such-command}}");
  const Json change = agent.change("start", {"a"});
  const std::string error = change["err"];
  EXPECT_TRUE(
      error.starts_with("cannot perform the following tasks:\n- Start service \"a\" "
                        "(cannot start service: "))
      << error;
  EXPECT_EQ(agent.current("a"), "inactive");
}

TEST_P(ServiceLife, OneThatFailsDoesNotKeepAnotherFromStarting) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", R"(
services:
  bad: {override: replace, command: sh -c 'exit 5', on-failure: ignore}
  other: {override: replace, command: sleep 100}
)");
  const Json change = agent.change("start", {"bad", "other"});
  std::map<std::string, std::string> statuses;
  for (const Json& task : change["tasks"]) {
    statuses[task["summary"]] = task["status"];
  }
  EXPECT_EQ(statuses, (std::map<std::string, std::string>{{"Start service \"bad\"", "Error"},
                                                          {"Start service \"other\"", "Done"}}));
  EXPECT_EQ(change["status"], "Error");
  EXPECT_EQ(agent.current("other"), "active");
}

TEST_P(ServiceLife, ASignalGoesToTheProcessAlone) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", R"(
services:
  a:
    override: replace
    command: sh -c 'trap "echo hup" HUP; while true; do sleep 0.1; done'
)");
  agent.change("start", {"a"});
  EXPECT_EQ(agent.post("/v1/signals", {{"signal", "SIGHUP"}, {"services", {"a"}}}).status, 200);
  EXPECT_TRUE(test::eventually([&] { return agent.log("a") == std::vector<std::string>{"hup"}; }));
}

RUN_AGAINST_BOTH(ServiceLife);

}  // namespace
}  // namespace contract::pebble
