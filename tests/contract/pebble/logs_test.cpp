// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/pebble/agent_under_test.hpp"
#include "tests/support/eventually.hpp"

#include <chrono>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

namespace contract::pebble {
namespace {

using std::chrono::milliseconds;

class ServiceLogs : public PebbleContract {};

TEST_P(ServiceLogs, KeepTheLast100KiBOfAService) {
  const AgentUnderTest agent(program());
  // Each line has 100 bytes with its prefix and end: a time, the service's name and the newline.
  agent.add_layer("l", R"(
services:
  aa:
    override: replace
    command: sh -c 'i=10000; while [ $i -lt 13000 ]; do printf "%05d%064d\n" $i 0; i=$((i+1)); done; exec sleep 100'
)");
  agent.change("start", {"aa"});
  ASSERT_TRUE(test::eventually([&] {
    const auto last = agent.log("aa", 1);
    return !last.empty() && last[0].starts_with("12999");
  }));
  const std::vector<std::string> lines = agent.log("aa");
  EXPECT_GE(lines.size(), 1023U);
  EXPECT_LE(lines.size(), 1024U);
  EXPECT_TRUE(lines.front().starts_with("1197")) << lines.front();
}

TEST_P(ServiceLogs, SurviveARestartOfTheService) {
  const AgentUnderTest agent(program());
  agent.add_layer("l",
                  "services: {a: {override: replace, command: \"sh -c 'echo x; exec sleep 9'\"}}");
  agent.change("start", {"a"});
  agent.change("restart", {"a"});
  EXPECT_EQ(agent.log("a"), (std::vector<std::string>{"x", "x"}));
}

TEST_P(ServiceLogs, ReplaceWhatIsNotUtf8AndKeepEmptyLines) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", R"(
services: {a: {override: replace, command: "sh -c 'printf \"a\\377b\\n\\n<&>\\n\"; exec sleep 100'"}}
)");
  agent.change("start", {"a"});
  EXPECT_EQ(agent.log("a"), (std::vector<std::string>{"a\uFFFDb", "", "<&>"}));
}

TEST_P(ServiceLogs, CountOverAllServicesTogether) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", R"(
services:
  a: {override: replace, command: "sh -c 'echo a1; sleep 0.2; echo a2; exec sleep 100'"}
  b: {override: replace, command: "sh -c 'sleep 0.1; echo b1; sleep 0.2; echo b2; exec sleep 100'"}
)");
  agent.change("start", {"a", "b"});
  std::string services;
  std::istringstream lines(agent.get("/v1/logs?n=3").body);
  for (std::string line; std::getline(lines, line);) {
    services += Json::parse(line)["message"].get<std::string>() + " ";
  }
  EXPECT_EQ(services, "b1 a2 b2 ");
  EXPECT_EQ(agent.get("/v1/logs?n=0").body, "");
}

RUN_AGAINST_BOTH(ServiceLogs);

}  // namespace
}  // namespace contract::pebble
