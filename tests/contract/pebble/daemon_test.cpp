// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/pebble/agent_under_test.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

namespace contract::pebble {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class AgentProcess : public PebbleContract {};

TEST_P(AgentProcess, StopsItsServicesOnSigterm) {
  AgentUnderTest agent(program());
  agent.add_layer("l",
                  "services: {a: {override: replace, command: \"sh -c 'echo $$; exec sleep "
                  "1000'\"}}");
  agent.change("start", {"a"});
  const auto process = static_cast<pid_t>(std::stol(agent.log("a").at(0)));
  const auto start = steady_clock::now();
  EXPECT_EQ(agent.end_with(SIGTERM), 0);
  EXPECT_LT(steady_clock::now() - start, milliseconds(4000));
  EXPECT_NE(kill(process, 0), 0);
}

TEST_P(AgentProcess, AnswersWhoWaitsAndKeepsServingWhileItStops) {
  AgentUnderTest agent(program());
  agent.add_layer("l", R"(
services:
  a: {override: replace, command: sleep 1000}
  slow: {override: replace, kill-delay: 1500ms, command: "sh -c 'trap \"\" TERM; while true; do sleep 0.1; done'"}
)");
  agent.change("start", {"slow"});
  const std::string id = agent.begin_change("start", {"a"});
  auto waiting = std::async(std::launch::async, [&] { return agent.wait_change(id); });
  std::this_thread::sleep_for(milliseconds(200));
  kill(agent.pid(), SIGTERM);
  std::this_thread::sleep_for(milliseconds(300));
  EXPECT_EQ(agent.get("/v1/system-info").status, 200);
  const Json change = waiting.get();
  EXPECT_EQ(change["status"], "Error");
  EXPECT_NE(change["err"].get<std::string>().find("stopped before the 1s okay delay"),
            std::string::npos);
  EXPECT_EQ(agent.wait_for_end(), 0);
}

TEST_P(AgentProcess, ForgetsLayersOfTheApi) {
  const TemporaryFolder folder;
  for (const char* expected : {"{}\n", "{}\n"}) {
    const AgentUnderTest agent(program(), {.environment = {{"PEBBLE", folder.path().string()}}});
    EXPECT_EQ(agent.plan(), expected);
    agent.add_layer("l", "services: {a: {override: replace, command: sleep 1}}");
  }
}

TEST_P(AgentProcess, TakesTheLayersOfItsImageOrRefusesThem) {
  const TemporaryFolder image;
  std::filesystem::create_directories(image.path() / "layers");
  std::ofstream(image.path() / "layers/001-web.yaml")
      << "services: {web: {override: replace, command: sleep 1000}}\n";
  const TemporaryFolder empty;
  const AgentSetup setup{.environment = {{"PEBBLE", empty.path().string()},
                                         {"PEBBLE_COPY_ONCE", image.path().string()}}};
  if (program() == Program::stand_in) {
    EXPECT_THROW(AgentUnderTest(program(), setup), std::runtime_error);
  } else {
    const AgentUnderTest agent(program(), setup);
    EXPECT_NE(agent.plan().find("sleep 1000"), std::string::npos);
  }
}

TEST_P(AgentProcess, DoesNotTakeTheSocketOfAnother) {
  const AgentUnderTest agent(program());
  EXPECT_THROW(AgentUnderTest(program(), {.environment = {{"PEBBLE_SOCKET", agent.socket()}}}),
               std::runtime_error);
  EXPECT_EQ(agent.get("/v1/system-info").status, 200);
}

TEST_P(AgentProcess, TakesOverASocketThatWasLeftBehind) {
  const TemporaryFolder folder;
  const AgentSetup setup{.socket = (folder.path() / "s").string()};
  const AgentUnderTest first(program(), setup);
  kill(first.pid(), SIGKILL);
  // Leaves the process for the destructor to collect; the file stays.
  siginfo_t end{};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(first.pid()), &end, WEXITED | WNOWAIT), 0);
  const AgentUnderTest second(program(), setup);
  EXPECT_EQ(second.get("/v1/system-info").status, 200);
}

RUN_AGAINST_BOTH(AgentProcess);

}  // namespace
}  // namespace contract::pebble
