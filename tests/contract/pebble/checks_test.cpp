// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/pebble/agent_under_test.hpp"
#include "tests/contract/pebble/web_server.hpp"
#include "tests/support/eventually.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace contract::pebble {
namespace {

using std::chrono::milliseconds;

class HealthChecks : public PebbleContract {};

Json check(const AgentUnderTest& agent, const std::string& name) {
  const Json checks = agent.get("/v1/checks?names=" + name).result();
  return checks.empty() ? Json() : checks[0];
}

std::string refresh_error(const AgentUnderTest& agent, const std::string& name) {
  return agent.post("/v1/checks/refresh", {{"name", name}}).result().value("error", "");
}

TEST_P(HealthChecks, AreUpBeforeTheyRanAndFirstRunAfterAPeriod) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", R"(
checks:
  c: {override: replace, period: 400ms, threshold: 1, level: ready, exec: {command: "false"}}
)");
  EXPECT_EQ(check(agent, "c")["status"], "up");
  EXPECT_EQ(agent.get("/v1/health?level=ready").status, 200);
  EXPECT_TRUE(test::eventually([&] { return check(agent, "c")["status"] == "down"; }));
  EXPECT_EQ(agent.get("/v1/health?level=ready").status, 502);
  EXPECT_EQ(agent.get("/v1/health?level=alive").status, 200);
}

TEST_P(HealthChecks, AReadyQuestionIncludesWhatIsAlive) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", R"(
checks:
  c: {override: replace, period: 50ms, threshold: 1, level: alive, exec: {command: "false"}}
)");
  EXPECT_TRUE(test::eventually([&] { return agent.get("/v1/health?level=ready").status == 502; }));
}

TEST_P(HealthChecks, RestartTheirServiceOnceWhenTheyGoDown) {
  const AgentUnderTest agent(program());
  const std::string flag = (agent.folder() / "flag").string();
  agent.add_layer("l", R"(
services:
  a: {override: replace, command: "sh -c 'echo start; exec sleep 100'", on-check-failure: {c: restart}, backoff-delay: 50ms}
checks:
  c: {override: replace, startup: disabled, period: 100ms, threshold: 2, exec: {command: test -e )" +
                           flag + "}}\n");
  agent.change("start", {"a"});
  agent.post("/v1/checks", {{"action", "start"}, {"checks", {"c"}}});
  EXPECT_TRUE(test::eventually([&] { return agent.log("a").size() == 2; }));
  std::this_thread::sleep_for(milliseconds(600));
  EXPECT_EQ(agent.log("a").size(), 2U) << "it fires at the transition only";
  EXPECT_EQ(check(agent, "c")["status"], "down");
  std::ofstream(flag).flush();
  EXPECT_TRUE(test::eventually([&] { return check(agent, "c")["status"] == "up"; }));
}

TEST_P(HealthChecks, OverHttpWantA2xxAndTellTheBeginningOfTheBody) {
  WebServer web;
  const AgentUnderTest agent(program());
  agent.add_layer("l", "checks: {c: {override: replace, startup: disabled, http: {url: \"" +
                           web.url("/health?x=1") + "\", headers: {X-Test: yes}}}}");
  EXPECT_EQ(refresh_error(agent, "c"), "");
  ASSERT_EQ(web.requests().size(), 1U);
  EXPECT_EQ(web.requests()[0].path, "/health?x=1");
  EXPECT_EQ(web.requests()[0].headers.at("x-test"), "yes");
  web.answer_with(503, "one\ntwo\nthree\nfour\nfive\nsix\n");
  EXPECT_EQ(refresh_error(agent, "c"),
            "non-2xx status code 503; one\ntwo\nthree\nfour\nfive\n(...)");
}

TEST_P(HealthChecks, OverHttpAndTcpSayWhyTheyCannotConnect) {
  const std::string port = std::to_string(free_port());
  const AgentUnderTest agent(program());
  agent.add_layer("l", R"(
checks:
  h: {override: replace, startup: disabled, http: {url: "http://127.0.0.1:)" +
                           port + R"(/x"}}
  t: {override: replace, startup: disabled, tcp: {host: 127.0.0.1, port: )" +
                           port + "}}\n");
  const std::string refused = "dial tcp 127.0.0.1:" + port + ": connect: connection refused";
  EXPECT_EQ(refresh_error(agent, "t"), refused);
  EXPECT_EQ(refresh_error(agent, "h"), "Get \"http://127.0.0.1:" + port + "/x\": " + refused);
}

TEST_P(HealthChecks, TakeTheContextOfAServiceUnlessStartedByHand) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", R"(
services:
  a: {override: replace, command: sleep 1, working-dir: /usr, environment: {A: service, B: service}}
checks:
  c:
    override: replace
    exec: {command: "sh -c 'echo $A $B $(pwd); exit 3'", service-context: a, environment: {B: check}}
)");
  EXPECT_EQ(refresh_error(agent, "c"), "exit status 3; service check /usr");
  agent.post("/v1/checks", {{"action", "stop"}, {"checks", {"c"}}});
  agent.post("/v1/checks", {{"action", "start"}, {"checks", {"c"}}});
  EXPECT_TRUE(refresh_error(agent, "c").starts_with("exit status 3; check /"));
}

TEST_P(HealthChecks, AreEndedAtTheirTimeout) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", R"(
checks: {c: {override: replace, startup: disabled, timeout: 200ms, exec: {command: sleep 5}}}
)");
  EXPECT_EQ(refresh_error(agent, "c"), "check timed out after 200ms");
}

TEST_P(HealthChecks, StartAnewWhenTheirDefinitionChanges) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", "checks: {c: {override: replace, period: 50ms, exec: {command: \"true\"}}}");
  EXPECT_TRUE(test::eventually([&] { return check(agent, "c")["successes"] > 1; }));
  const std::string change = check(agent, "c")["change-id"];
  agent.add_layer("l", "checks: {c: {override: replace, period: 50s, exec: {command: \"true\"}}}",
                  true);
  EXPECT_TRUE(test::eventually([&] { return check(agent, "c").value("change-id", "") != change; }));
  EXPECT_EQ(check(agent, "c")["successes"], 0);
  EXPECT_TRUE(test::eventually(
      [&] { return agent.get("/v1/changes/" + change).result()["status"] == "Done"; }));
}

TEST_P(HealthChecks, TellAboutTheirChangesInNotices) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", R"(
checks: {c: {override: replace, period: 50ms, threshold: 1, exec: {command: "false"}}}
)");
  ASSERT_TRUE(test::eventually([&] { return check(agent, "c")["status"] == "down"; }));
  const Json notices = agent.get("/v1/notices?types=change-update").result();
  ASSERT_EQ(notices.size(), 2U);
  EXPECT_EQ(notices[0]["last-data"], (Json{{"kind", "perform-check"}, {"check-name", "c"}}));
  // Made, begun, aborted, failed.
  EXPECT_EQ(notices[0]["occurrences"], 4);
  EXPECT_EQ(notices[1]["last-data"], (Json{{"kind", "recover-check"}, {"check-name", "c"}}));
  EXPECT_EQ(notices[1]["key"], check(agent, "c")["change-id"]);
  EXPECT_TRUE(notices[1]["user-id"].is_null());
}

RUN_AGAINST_BOTH(HealthChecks);

}  // namespace
}  // namespace contract::pebble
