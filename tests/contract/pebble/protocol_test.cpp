// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/pebble/agent_under_test.hpp"

#include <chrono>
#include <string>

namespace contract::pebble {
namespace {

using std::chrono::milliseconds;

class HttpFront : public PebbleContract {};

constexpr milliseconds silence{300};

TEST_P(HttpFront, KeepsConnectionsAndTakesRequestsInARow) {
  const AgentUnderTest agent(program());
  TestClient client(agent.socket());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.send({.target = "/v1/system-info"}).status, 200);
  }
  const std::string request = "GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n";
  const std::string answers = client.send_raw(request + request, silence);
  EXPECT_EQ(answers.find("200 OK"), answers.find("HTTP/1.1 200 OK") + 9);
  EXPECT_NE(answers.find("HTTP/1.1 200 OK", 20), std::string::npos);
}

TEST_P(HttpFront, SendsLongAnswersInChunks) {
  const AgentUnderTest agent(program());
  EXPECT_TRUE(agent.get("/v1/services").headers.contains("content-length"));
  std::string services = "services:\n";
  for (int i = 0; i < 100; ++i) {
    services += "  s" + std::to_string(i) + ": {override: replace, command: sleep 1}\n";
  }
  agent.add_layer("l", services);
  const Answer answer = agent.get("/v1/services");
  EXPECT_EQ(answer.headers.at("transfer-encoding"), "chunked");
  EXPECT_EQ(answer.result().size(), 100U);
}

TEST_P(HttpFront, TakesChunkedBodies) {
  const AgentUnderTest agent(program());
  const Answer answer = TestClient(agent.socket())
                            .send({.method = "POST",
                                   .target = "/v1/services",
                                   .headers = {{"Transfer-Encoding", "chunked"}},
                                   .body = "8\r\n{\"action\r\nb\r\n\":\"replan\"}\r\n0\r\n\r\n"});
  EXPECT_EQ(answer.status, 202) << answer.body;
}

TEST_P(HttpFront, AsksForABodyThatIsAnnounced) {
  const AgentUnderTest agent(program());
  TestClient client(agent.socket());
  const std::string head =
      "POST /v1/services HTTP/1.1\r\nHost: x\r\nContent-Length: 19\r\nExpect: 100-continue\r\n\r\n";
  EXPECT_TRUE(client.send_raw(head, silence).starts_with("HTTP/1.1 100 Continue\r\n"));
  EXPECT_TRUE(client.send_raw("{\"action\":\"replan\"}", silence).starts_with("HTTP/1.1 202 "));
}

TEST_P(HttpFront, AnswersHttp10AndCloses) {
  const AgentUnderTest agent(program());
  TestClient client(agent.socket());
  const std::string answer = client.send_raw("GET /v1/health HTTP/1.0\r\n\r\n", silence);
  EXPECT_NE(answer.find(" 200 OK\r\n"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("{\"healthy\":true}}"));
}

TEST_P(HttpFront, RefusesAMissingHostInPlainText) {
  const AgentUnderTest agent(program());
  const Answer answer =
      TestClient(agent.socket()).send({.target = "/v1/health", .without_host = true});
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, "400 Bad Request: missing required Host header");
}

TEST_P(HttpFront, EscapesAnglesAndAmpersandsInAnswers) {
  const AgentUnderTest agent(program());
  const Answer answer = agent.post("/v1/services", {{"action", "start"}, {"services", {"<a&b>"}}});
  EXPECT_NE(answer.body.find("\\u003ca\\u0026b\\u003e"), std::string::npos) << answer.body;
}

TEST_P(HttpFront, SurvivesBytesThatAreNotHttp) {
  const AgentUnderTest agent(program());
  EXPECT_TRUE(TestClient(agent.socket())
                  .send_raw("nonsense\r\n\r\n", silence)
                  .starts_with("HTTP/1.1 400 Bad Request"));
  EXPECT_EQ(agent.get("/v1/health").status, 200);
}

RUN_AGAINST_BOTH(HttpFront);

TEST(StandInOnly, SaysWhatItDoesNotSupport) {
  const AgentUnderTest agent(Program::stand_in);
  const Answer exec = agent.post("/v1/exec", {{"command", {"true"}}});
  EXPECT_EQ(exec.status, 400);
  EXPECT_EQ(exec.message(), "not supported by the rehearsal's agent: /v1/exec");
  const Answer layer =
      agent.post("/v1/layers",
                 {{"action", "add"},
                  {"label", "l"},
                  {"format", "yaml"},
                  {"layer", "log-targets: {t: {override: replace, type: syslog, location: x}}"}});
  EXPECT_EQ(layer.status, 400);
  EXPECT_NE(layer.message().find("not supported by the rehearsal's agent"), std::string::npos);
}

}  // namespace
}  // namespace contract::pebble
