// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/pebble/agent_under_test.hpp"
#include "tests/support/eventually.hpp"

#include <array>
#include <fstream>
#include <string>

#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

namespace contract::pebble {
namespace {

constexpr uid_t charm_user = 170;
constexpr uid_t other_user = 171;

class Api : public PebbleContract {};

/// Sends a request as another user from a separate process. Returns the status, or 0 if the user
/// may not connect.
int status_as(uid_t user, const std::string& socket, const Exchange& exchange) {
  const pid_t child = fork();
  if (child == 0) {
    int status = 0;
    try {
      if (setgroups(0, nullptr) == 0 && setgid(user) == 0 && setuid(user) == 0) {
        status = TestClient(socket).send(exchange).status;
      }
    } catch (const std::runtime_error&) {
      status = 0;
    }
    _exit(status / 10);
  }
  int end = 0;
  waitpid(child, &end, 0);
  return WEXITSTATUS(end) * 10;
}

TEST_P(Api, IsForTheUserWhomAnIdentityMakesAdmin) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "only root can be several users";
  }
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "identities.yaml").string();
  std::ofstream(file) << "identities: {juju: {access: admin, local: {user-id: 170}}}\n";
  const AgentUnderTest agent(program(), {.arguments = {"--hold", "--identities", file}});
  const Exchange layer{
      .method = "POST",
      .target = "/v1/layers",
      .headers = {{"Content-Type", "application/json"}},
      .body =
          R"({"action": "add", "label": "l", "combine": true, "format": "yaml", "layer": "{}"})"};
  // The identities take effect shortly after the agent first answers.
  EXPECT_TRUE(
      test::eventually([&] { return status_as(charm_user, agent.socket(), layer) == 200; }));
  EXPECT_EQ(status_as(charm_user, agent.socket(), {.target = "/v1/plan?format=yaml"}), 200);
  EXPECT_NE(status_as(other_user, agent.socket(), layer), 200);
  EXPECT_EQ(agent.get("/v1/identities").result()["juju"]["local"]["user-id"], charm_user);
}

TEST_P(Api, ShowsOverTcpItsHealthOnly) {
  const int port = free_port();
  const AgentUnderTest agent(program(),
                             {.arguments = {"--hold", "--http", ":" + std::to_string(port)}});
  const std::string address = "127.0.0.1:" + std::to_string(port);
  EXPECT_EQ(TestClient(address).send({.target = "/v1/health"}).status, 200);
  EXPECT_EQ(TestClient(address).send({.target = "/v1/services"}).status, 401);
}

TEST_P(Api, KeepsConnections) {
  const AgentUnderTest agent(program());
  TestClient client(agent.socket());
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(client.send({.target = "/v1/system-info"}).status, 200);
  }
}

TEST_P(Api, AnswersHttp10AndCloses) {
  const AgentUnderTest agent(program());
  const std::string answer =
      TestClient(agent.socket())
          .send_raw("GET /v1/health HTTP/1.0\r\n\r\n", std::chrono::milliseconds(2000));
  EXPECT_NE(answer.find(" 200 OK\r\n"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("}"));
}

TEST_P(Api, RefusesThePathOfASocketAsHost) {
  const AgentUnderTest agent(program());
  const Answer answer =
      TestClient(agent.socket()).send({.target = "/v1/health", .headers = {{"Host", "/run/s"}}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_TRUE(answer.body.starts_with("400 Bad Request"));
}

TEST_P(Api, KnowsNoOtherEndpoint) {
  const AgentUnderTest agent(program());
  EXPECT_EQ(agent.get("/v1/nonsense").status, 404);
  EXPECT_EQ(agent.get("/v1/changes/999").status, 404);
}

RUN_AGAINST_BOTH(Api);

TEST(StandInOnly, SaysByNameWhatItDoesNotSupport) {
  const AgentUnderTest agent(Program::stand_in);
  const auto layer = [&](const std::string& yaml) {
    return agent
        .post("/v1/layers",
              {{"action", "add"}, {"label", "l"}, {"format", "yaml"}, {"layer", yaml}})
        .message();
  };
  const std::map<std::string, std::string> refusals{
      {agent.post("/v1/exec", {{"command", {"true"}}}).message(), "POST /v1/exec"},
      {agent.get("/v1/logs?follow=true").message(), "\"follow\""},
      {agent.post("/v1/services", {{"action", "autostart"}}).message(), "\"autostart\""},
      {agent.post("/v1/services", {{"action", "start"}, {"names", {"a"}}}).message(), "\"names\""},
      {layer("services: {a: {override: replace, command: x, requires: [b]}}"), "requires"},
      {layer("services: {a: {override: replace, command: x, on-failure: shutdown}}"), "shutdown"},
      {layer("checks: {c: {override: replace, exec: {command: x}}}"), "exec"},
      {layer("log-targets: {t: {override: replace, type: syslog, location: x}}"), "syslog"}};
  EXPECT_EQ(refusals.size(), 8U);
  for (const auto& [message, name] : refusals) {
    EXPECT_NE(message.find("not support"), std::string::npos) << message;
    EXPECT_NE(message.find(name), std::string::npos) << message;
  }
}

}  // namespace
}  // namespace contract::pebble
