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

class SocketAccess : public PebbleContract {
 protected:
  void SetUp() override {
    PebbleContract::SetUp();
    if (geteuid() != 0) {
      GTEST_SKIP() << "only root can be several users";
    }
  }
};

/// Sends a request as another user, from a process of its own, and returns the status and the
/// body.
std::pair<int, std::string> send_as(uid_t user, const std::string& socket,
                                    const Exchange& exchange) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) {
    return {0, "no pipe"};
  }
  const pid_t child = fork();
  if (child == 0) {
    std::string text = "0 cannot change the user";
    if (setgroups(0, nullptr) == 0 && setgid(user) == 0 && setuid(user) == 0) {
      const Answer answer = TestClient(socket).send(exchange);
      text = std::to_string(answer.status) + " " + answer.body;
    }
    [[maybe_unused]] const ssize_t written = write(ends[1], text.data(), text.size());
    _exit(0);
  }
  close(ends[1]);
  std::string text;
  std::array<char, 4096> bytes{};
  for (ssize_t count = read(ends[0], bytes.data(), bytes.size()); count > 0;
       count = read(ends[0], bytes.data(), bytes.size())) {
    text.append(bytes.data(), static_cast<std::size_t>(count));
  }
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return {std::stoi(text), text.substr(text.find(' ') + 1)};
}

Exchange posting(const std::string& target, const Json& body) {
  return {.method = "POST",
          .target = target,
          .headers = {{"Content-Type", "application/json"}},
          .body = body.dump()};
}

std::string identities_file(const TemporaryFolder& folder, const std::string& text) {
  const std::string path = (folder.path() / "identities.yaml").string();
  std::ofstream(path) << text;
  return path;
}

TEST_P(SocketAccess, AnIdentityOfTheFileMakesAUserAdmin) {
  const TemporaryFolder folder;
  const std::string file = identities_file(folder, R"(
identities:
  juju:
    access: admin
    local:
      user-id: 170
)");
  const AgentUnderTest agent(program(), {.arguments = {"--hold", "--identities", file}});
  const Exchange layer =
      posting("/v1/layers",
              {{"action", "add"}, {"label", "l"}, {"format", "yaml"}, {"layer", "services: {}"}});
  // The identities are in force shortly after the agent answers.
  EXPECT_TRUE(
      test::eventually([&] { return send_as(charm_user, agent.socket(), layer).first != 401; }));
  EXPECT_EQ(send_as(charm_user, agent.socket(), {.target = "/v1/plan?format=yaml"}).first, 200);
  EXPECT_EQ(send_as(charm_user, agent.socket(), {.target = "/v1/files?action=list&path=/"}).first,
            200);
  EXPECT_EQ(send_as(other_user, agent.socket(), layer).first, 401);
}

TEST_P(SocketAccess, AnIdentityCanAlsoTakeAccessAway) {
  const TemporaryFolder folder;
  const std::string file =
      identities_file(folder, "identities: {x: {access: untrusted, local: {user-id: 171}}}\n");
  const AgentUnderTest agent(program(), {.arguments = {"--hold", "--identities", file}});
  EXPECT_TRUE(test::eventually([&] {
    return send_as(other_user, agent.socket(), {.target = "/v1/services"}).first == 401;
  }));
  EXPECT_EQ(send_as(other_user, agent.socket(), {.target = "/v1/system-info"}).first, 200);
}

TEST_P(SocketAccess, AnyOtherUserMayReadAndNotify) {
  const AgentUnderTest agent(program());
  const auto status = [&](const Exchange& exchange) {
    return send_as(other_user, agent.socket(), exchange).first;
  };
  for (const char* target : {"/v1/system-info", "/v1/health", "/v1/services", "/v1/changes",
                             "/v1/checks", "/v1/logs", "/v1/notices"}) {
    EXPECT_EQ(status({.target = target}), 200) << target;
  }
  EXPECT_EQ(status(posting("/v1/notices",
                           {{"action", "add"}, {"type", "custom"}, {"key", "a.example/b"}})),
            200);
  EXPECT_EQ(status({.target = "/v1/files?action=list&path=/"}), 401);
  EXPECT_EQ(status(posting("/v1/services", {{"action", "replan"}})), 401);
  EXPECT_EQ(status({.target = "/v1/notices?users=all"}), 403);
  EXPECT_EQ(status({.target = "/v1/plan?format=yaml"}), agent.minor_version() < 28 ? 200 : 401);
}

TEST_P(SocketAccess, NoticesBelongToWhoeverAddedThem) {
  const AgentUnderTest agent(program());
  const Exchange notice =
      posting("/v1/notices", {{"action", "add"}, {"type", "custom"}, {"key", "a.example/b"}});
  send_as(other_user, agent.socket(), notice);
  EXPECT_EQ(agent.get("/v1/notices").result().size(), 0U);
  EXPECT_EQ(agent.get("/v1/notices?users=all").result().size(), 1U);
  const Json seen = agent.get("/v1/notices?user-id=171").result();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0]["user-id"], other_user);
  const std::string id = seen[0]["id"];
  EXPECT_EQ(send_as(charm_user, agent.socket(), {.target = "/v1/notices/" + id}).first, 403);
  EXPECT_EQ(send_as(other_user, agent.socket(), {.target = "/v1/notices/" + id}).first, 200);
}

TEST_P(SocketAccess, OverTcpThereIsOnlyHealth) {
  const std::string address = "127.0.0.1:" + std::to_string(free_port());
  const AgentUnderTest agent(program(), {.arguments = {"--hold", "--http", address}});
  EXPECT_EQ(TestClient(address).send({.target = "/v1/health"}).status, 200);
  EXPECT_EQ(TestClient(address).send({.target = "/v1/system-info"}).result()["http-address"],
            address);
  const Answer refused = TestClient(address).send({.target = "/v1/services"});
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.result()["kind"], "login-required");
}

RUN_AGAINST_BOTH(SocketAccess);

}  // namespace
}  // namespace contract::pebble
