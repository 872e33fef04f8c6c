// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/pebble/agent_under_test.hpp"
#include "tests/contract/pebble/web_server.hpp"
#include "tests/support/eventually.hpp"

#include <chrono>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

namespace contract::pebble {
namespace {

using std::chrono::milliseconds;

class LokiForwarding : public PebbleContract {
 protected:
  std::string target(const std::string& more = "services: [all]") const {
    return "log-targets: {t: {override: replace, type: loki, location: \"" +
           web_.url("/loki/api/v1/push") + "\", " + more + "}}\n";
  }

  std::vector<Json> pushes() const {
    std::vector<Json> bodies;
    for (const WebServer::Request& request : web_.requests()) {
      bodies.push_back(Json::parse(request.body));
    }
    return bodies;
  }

  /// The messages of a service in order of arrival.
  std::vector<std::string> received(const std::string& service) const {
    std::vector<std::string> messages;
    for (const Json& body : pushes()) {
      for (const Json& stream : body["streams"]) {
        for (const Json& value : stream["values"]) {
          if (stream["stream"]["pebble_service"] == service) {
            messages.push_back(value[1]);
          }
        }
      }
    }
    return messages;
  }

  std::vector<std::size_t> batch_sizes() const {
    std::vector<std::size_t> sizes;
    for (const Json& body : pushes()) {
      std::size_t size = 0;
      for (const Json& stream : body["streams"]) {
        size += stream["values"].size();
      }
      sizes.push_back(size);
    }
    return sizes;
  }

  WebServer web_;
};

/// A service that prints each file that appears in its folder and then removes it. The test decides
/// when lines appear.
std::string printer(const AgentUnderTest& agent, const std::string& name) {
  const std::string file = (agent.folder() / name).string();
  return "  " + name + ": {override: replace, command: \"sh -c 'while true; do if [ -e " + file +
         " ]; then cat " + file + "; rm " + file + "; fi; sleep 0.05; done'\"}\n";
}

void print(const AgentUnderTest& agent, const std::string& name, const std::string& text) {
  const std::string path = (agent.folder() / name).string();
  const Answer answer =
      TestClient(agent.socket())
          .send({.method = "POST",
                 .target = "/v1/files",
                 .headers = {{"Content-Type",
                              "multipart/form-data; boundary=" + std::string(32, 'b')}},
                 .body = "--" + std::string(32, 'b') +
                         "\r\nContent-Disposition: form-data; "
                         "name=\"request\"\r\n\r\n" +
                         Json{{"action", "write"}, {"files", {{{"path", path}}}}}.dump() +
                         "\r\n--" + std::string(32, 'b') +
                         "\r\nContent-Disposition: form-data; name=\"files\"; "
                         "filename=\"" +
                         path + "\"\r\n\r\n" + text + "\r\n--" + std::string(32, 'b') + "--\r\n"});
  ASSERT_EQ(answer.status, 200);
}

std::string numbered_lines(int first, int count) {
  std::string text;
  for (int i = first; i < first + count; ++i) {
    text += std::to_string(i) + "\n";
  }
  return text;
}

TEST_P(LokiForwarding, PushesAStreamAServiceWithItsLabels) {
  web_.answer_with(204);
  const AgentUnderTest agent(program());
  agent.add_layer("l", R"(
services:
  s1: {override: replace, command: "sh -c 'echo one; exec sleep 100'"}
  s2: {override: replace, command: "sh -c 'echo two; exec sleep 100'"}
)" + target("services: [all], labels: {product: p, plain: eu}"));
  agent.change("start", {"s1", "s2"});
  ASSERT_TRUE(test::eventually([&] { return !web_.requests().empty(); }));
  const WebServer::Request request = web_.requests().front();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/loki/api/v1/push");
  EXPECT_EQ(request.headers.at("content-type"), "application/json; charset=utf-8");
  EXPECT_TRUE(request.headers.at("user-agent").starts_with("pebble/v1."));
  const Json body = Json::parse(request.body);
  ASSERT_EQ(body["streams"].size(), 2U);
  EXPECT_EQ(body["streams"][0]["stream"],
            (Json{{"pebble_service", "s1"}, {"plain", "eu"}, {"product", "p"}}));
  EXPECT_EQ(body["streams"][1]["stream"]["pebble_service"], "s2");
  const Json value = body["streams"][0]["values"][0];
  EXPECT_EQ(value[1], "one");
  EXPECT_TRUE(value[0].get<std::string>().ends_with("000000")) << "whole milliseconds";
}

TEST_P(LokiForwarding, SendsBatchesOfAHundredLinesOrASecond) {
  web_.answer_with(204);
  const AgentUnderTest agent(program());
  agent.add_layer("l", "services:\n" + printer(agent, "p") + target());
  agent.change("start", {"p"});
  print(agent, "p", numbered_lines(0, 250));
  ASSERT_TRUE(test::eventually([&] { return received("p").size() == 250; }));
  EXPECT_EQ(batch_sizes(), (std::vector<std::size_t>{100, 100, 50}));
  EXPECT_EQ(received("p").front(), "0");
  EXPECT_EQ(received("p").back(), "249");
}

TEST_P(LokiForwarding, KeepsTheLast100LinesForTheNextLineAfterAFailure) {
  web_.answer_with(500);
  const AgentUnderTest agent(program());
  agent.add_layer("l", "services:\n" + printer(agent, "p") + target());
  agent.change("start", {"p"});
  print(agent, "p", numbered_lines(0, 131));
  ASSERT_TRUE(test::eventually([&] { return web_.requests().size() >= 2; }));
  const std::size_t failed = web_.requests().size();
  web_.answer_with(204);
  std::this_thread::sleep_for(milliseconds(1500));
  EXPECT_EQ(web_.requests().size(), failed) << "without a new line nothing is sent again";
  print(agent, "p", "last\n");
  ASSERT_TRUE(test::eventually([&] { return web_.requests().size() > failed; }));
  const std::vector<std::string> all = received("p");
  const std::vector<std::string> taken(all.end() - 100, all.end());
  EXPECT_EQ(taken.front(), "32");
  EXPECT_EQ(taken.back(), "last");
}

TEST_P(LokiForwarding, DropsWhatIsRefusedForGood) {
  web_.answer_with(400);
  const AgentUnderTest agent(program());
  agent.add_layer("l", "services:\n" + printer(agent, "p") + target());
  agent.change("start", {"p"});
  print(agent, "p", "refused\n");
  ASSERT_TRUE(test::eventually([&] { return web_.requests().size() == 1; }));
  web_.answer_with(204);
  print(agent, "p", "taken\n");
  ASSERT_TRUE(test::eventually([&] { return web_.requests().size() == 2; }));
  EXPECT_EQ(received("p"), (std::vector<std::string>{"refused", "taken"}));
}

TEST_P(LokiForwarding, SendsEverythingOnceMoreAfterAnyChangeOfThePlan) {
  web_.answer_with(204);
  const AgentUnderTest agent(program());
  agent.add_layer("l", R"(
services: {a: {override: replace, command: "sh -c 'echo one; exec sleep 100'"}}
)" + target());
  agent.change("start", {"a"});
  ASSERT_TRUE(test::eventually([&] { return received("a").size() == 1; }));
  agent.add_layer("other", "services: {b: {override: replace, command: sleep 1}}");
  EXPECT_TRUE(test::eventually([&] { return received("a").size() == 2; }));
}

TEST_P(LokiForwarding, ChoosesServicesByTheLastEntryThatApplies) {
  web_.answer_with(204);
  const AgentUnderTest agent(program());
  agent.add_layer("l", R"(
services:
  a: {override: replace, command: "sh -c 'echo a; exec sleep 100'"}
  b: {override: replace, command: "sh -c 'echo b; exec sleep 100'"}
)" + target("services: [a, all, -a]"));
  agent.change("start", {"a", "b"});
  ASSERT_TRUE(test::eventually([&] { return !received("b").empty(); }));
  EXPECT_TRUE(received("a").empty());
}

TEST_P(LokiForwarding, KeepsTheFirstLocationOfATarget) {
  WebServer other;
  web_.answer_with(204);
  const AgentUnderTest agent(program());
  agent.add_layer("l", "services:\n" + printer(agent, "p") + target());
  agent.change("start", {"p"});
  agent.add_layer("l", "log-targets: {t: {override: merge, location: \"" + other.url("/") + "\"}}",
                  true);
  print(agent, "p", "x\n");
  ASSERT_TRUE(test::eventually([&] { return !received("p").empty(); }));
  EXPECT_TRUE(other.requests().empty());
}

TEST_P(LokiForwarding, SendsTheRestWhenTheAgentEnds) {
  web_.answer_with(204);
  AgentUnderTest agent(program());
  agent.add_layer("l", R"(
services: {a: {override: replace, command: "sh -c 'trap \"echo bye; exit\" TERM; while true; do sleep 0.05; done'"}}
)" + target());
  agent.change("start", {"a"});
  EXPECT_EQ(agent.end_with(SIGTERM), 0);
  ASSERT_FALSE(received("a").empty());
  EXPECT_EQ(received("a").back(), "bye");
}

RUN_AGAINST_BOTH(LokiForwarding);

}  // namespace
}  // namespace contract::pebble
