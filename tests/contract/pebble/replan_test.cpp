// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/pebble/agent_under_test.hpp"

#include <string>
#include <vector>

namespace contract::pebble {
namespace {

/// The rules of replan, one by one.
class Replan : public PebbleContract {};

/// A service that prints its process ID when it starts.
std::string service(const std::string& name, const std::string& more = {}) {
  return "  " + name + ": {override: replace, command: \"sh -c 'echo $$; exec sleep 1000'\"" +
         more + "}\n";
}

std::vector<std::string> summaries(const Json& change) {
  std::vector<std::string> result;
  for (const Json& task : change.value("tasks", Json::array())) {
    result.push_back(task["summary"]);
  }
  return result;
}

std::size_t starts(const AgentUnderTest& agent, const std::string& name) {
  return agent.log(name).size();
}

TEST_P(Replan, LeavesARunningServiceAloneThatDidNotChange) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", "services:\n" + service("a", ", startup: enabled"));
  agent.change("replan");
  agent.add_layer("l", "services:\n" + service("a", ", startup: enabled"), true);
  const Json change = agent.change("replan");
  EXPECT_EQ(change["tasks"][0]["status"], "Done");
  EXPECT_EQ(change["tasks"][0]["progress"], (Json{{"label", ""}, {"done", 1}, {"total", 1}}));
  EXPECT_EQ(starts(agent, "a"), 1U);
}

TEST_P(Replan, IsDoneAtOnceWithoutServices) {
  const AgentUnderTest agent(program());
  const Json change = agent.change("replan");
  EXPECT_EQ(change["summary"], "Replan - no services");
  EXPECT_EQ(change["status"], "Done");
  EXPECT_FALSE(change.contains("tasks"));
}

TEST_P(Replan, StartsWhatIsEnabledAndStopped) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", "services:\n" + service("a", ", startup: enabled"));
  agent.change("start", {"a"});
  agent.change("stop", {"a"});
  agent.change("replan");
  EXPECT_EQ(agent.current("a"), "active");
}

TEST_P(Replan, RestartsARunningServiceForAnyChangedField) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", "services:\n" + service("a"));
  agent.change("start", {"a"});
  agent.add_layer("l", "services:\n" + service("a", ", summary: other"), true);
  EXPECT_EQ(summaries(agent.change("replan")),
            (std::vector<std::string>{"Stop service \"a\"", "Start service \"a\""}));
  EXPECT_EQ(starts(agent, "a"), 2U);
}

TEST_P(Replan, StartsAChangedServiceThatWasStoppedAndIsDisabled) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", "services:\n" + service("a") + service("never"));
  agent.change("start", {"a"});
  agent.change("stop", {"a"});
  agent.add_layer("m",
                  "services:\n  a: {override: merge, environment: {X: y}}\n"
                  "  never: {override: merge, environment: {X: y}}\n");
  agent.change("replan");
  EXPECT_EQ(agent.current("a"), "active");
  EXPECT_EQ(agent.current("never"), "inactive");
}

TEST_P(Replan, RestartsAServiceThatWasDisabledAndLeavesItRunning) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", "services:\n" + service("a", ", startup: enabled"));
  agent.change("replan");
  agent.add_layer("l", "services:\n" + service("a", ", startup: disabled"), true);
  agent.change("replan");
  EXPECT_EQ(starts(agent, "a"), 2U);
  EXPECT_EQ(agent.current("a"), "active");
}

TEST_P(Replan, RestartsNothingForANewLogTargetOrCheck) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", "services:\n" + service("a", ", startup: enabled"));
  agent.change("replan");
  agent.add_layer("m", R"(
log-targets: {t: {override: replace, type: loki, location: "http://127.0.0.1:9/", services: [all]}}
checks: {c: {override: replace, tcp: {port: 9}}}
)");
  agent.change("replan");
  EXPECT_EQ(starts(agent, "a"), 1U);
}

RUN_AGAINST_BOTH(Replan);

}  // namespace
}  // namespace contract::pebble
