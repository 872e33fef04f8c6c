// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/pebble/agent_under_test.hpp"
#include "tests/contract/pebble/web_server.hpp"
#include "tests/support/eventually.hpp"

#include <chrono>
#include <string>
#include <thread>

namespace contract::pebble {
namespace {

using std::chrono::milliseconds;

class HealthChecks : public PebbleContract {
 protected:
  /// A check of the web server.
  std::string web_check(const std::string& more) const {
    return "checks: {c: {override: replace, http: {url: \"" + web_.url("/health?x=1") + "\"}, " +
           more + "}}\n";
  }

  WebServer web_;
};

Json check(const AgentUnderTest& agent) {
  const Json checks = agent.get("/v1/checks?names=c").result();
  return checks.empty() ? Json() : checks[0];
}

bool is(const AgentUnderTest& agent, const std::string& status) {
  return check(agent)["status"] == status;
}

TEST_P(HealthChecks, AreUpBeforeTheyRanAndFirstRunAfterAPeriod) {
  web_.answer_with(500);
  const AgentUnderTest agent(program());
  agent.add_layer("l", web_check("period: 400ms, threshold: 1, level: ready"));
  EXPECT_TRUE(is(agent, "up"));
  EXPECT_EQ(agent.get("/v1/health?level=ready").status, 200);
  EXPECT_TRUE(test::eventually([&] { return is(agent, "down"); }));
  EXPECT_EQ(agent.get("/v1/health?level=ready").status, 502);
  EXPECT_EQ(agent.get("/v1/health?level=alive").status, 200);
}

TEST_P(HealthChecks, AReadyQuestionIncludesWhatIsAlive) {
  web_.answer_with(500);
  const AgentUnderTest agent(program());
  agent.add_layer("l", web_check("period: 50ms, threshold: 1, level: alive"));
  EXPECT_TRUE(test::eventually([&] { return agent.get("/v1/health?level=ready").status == 502; }));
}

TEST_P(HealthChecks, RestartTheirServiceOnceWhenTheyGoDown) {
  web_.answer_with(500);
  const AgentUnderTest agent(program());
  agent.add_layer("s", R"(
services:
  a: {override: replace, command: "sh -c 'echo start; exec sleep 100'", on-check-failure: {c: restart}, backoff-delay: 50ms}
)");
  agent.change("start", {"a"});
  agent.add_layer("l", web_check("period: 100ms, threshold: 2"));
  EXPECT_TRUE(test::eventually([&] { return agent.log("a").size() == 2; }));
  std::this_thread::sleep_for(milliseconds(600));
  EXPECT_EQ(agent.log("a").size(), 2U) << "the restart is at the transition only";
  EXPECT_TRUE(is(agent, "down"));
  web_.answer_with(200);
  EXPECT_TRUE(test::eventually([&] { return is(agent, "up"); }));
}

TEST_P(HealthChecks, OverHttpWantA2xx) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", web_check("period: 50ms, threshold: 1"));
  ASSERT_TRUE(test::eventually([&] { return !web_.requests().empty(); }));
  EXPECT_EQ(web_.requests()[0].method, "GET");
  EXPECT_EQ(web_.requests()[0].path, "/health?x=1");
  EXPECT_TRUE(is(agent, "up"));
  web_.answer_with(503);
  EXPECT_TRUE(test::eventually([&] { return is(agent, "down"); }));
  EXPECT_GE(check(agent)["failures"], 1);
  EXPECT_EQ(check(agent)["threshold"], 1);
}

TEST_P(HealthChecks, OverTcpWantAListener) {
  const AgentUnderTest agent(program());
  const auto layer = [](int port) {
    return "checks: {c: {override: replace, period: 50ms, threshold: 1, tcp: {port: " +
           std::to_string(port) + "}}}\n";
  };
  agent.add_layer("l", layer(free_port()));
  EXPECT_TRUE(test::eventually([&] { return is(agent, "down"); }));
  agent.add_layer("l", layer(web_.port()), true);
  EXPECT_TRUE(test::eventually([&] { return is(agent, "up"); }));
}

TEST_P(HealthChecks, BeginAgainWhenTheirDefinitionChanges) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", web_check("period: 50ms"));
  EXPECT_TRUE(test::eventually([&] { return check(agent)["successes"] > 1; }));
  const std::string change = check(agent)["change-id"];
  agent.add_layer("l", web_check("period: 50s"), true);
  EXPECT_TRUE(test::eventually([&] { return check(agent).value("change-id", "") != change; }));
  EXPECT_EQ(check(agent)["successes"], 0);
  EXPECT_TRUE(test::eventually(
      [&] { return agent.get("/v1/changes/" + change).result()["status"] == "Done"; }));
}

TEST_P(HealthChecks, ShowTheirTransitionsInNotices) {
  web_.answer_with(500);
  const AgentUnderTest agent(program());
  agent.add_layer("l", web_check("period: 50ms, threshold: 1"));
  ASSERT_TRUE(test::eventually([&] { return is(agent, "down"); }));
  const std::string target = "/v1/notices?users=all&types=custom,change-update";
  const Json notices = agent.get(target).result();
  ASSERT_EQ(notices.size(), 2U);
  EXPECT_EQ(notices[0]["type"], "change-update");
  EXPECT_EQ(notices[0]["last-data"], (Json{{"kind", "perform-check"}, {"check-name", "c"}}));
  const std::string performed = notices[0]["key"];
  EXPECT_EQ(agent.get("/v1/changes/" + performed).result()["status"], "Error");
  EXPECT_EQ(notices[1]["last-data"], (Json{{"kind", "recover-check"}, {"check-name", "c"}}));
  EXPECT_EQ(notices[1]["key"], check(agent)["change-id"]);
  const std::string after = target + "&after=" + notices[1]["last-repeated"].get<std::string>();
  EXPECT_EQ(agent.get(after).result().size(), 0U);
  web_.answer_with(200);
  EXPECT_TRUE(test::eventually([&] { return agent.get(after).result().size() == 2; }));
}

RUN_AGAINST_BOTH(HealthChecks);

}  // namespace
}  // namespace contract::pebble
