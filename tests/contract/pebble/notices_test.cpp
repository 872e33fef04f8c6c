// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/pebble/agent_under_test.hpp"

#include <chrono>
#include <future>
#include <string>
#include <thread>

namespace contract::pebble {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class NoticeBoard : public PebbleContract {};

Answer notify(const AgentUnderTest& agent, const std::string& key, Json more = Json::object()) {
  more["action"] = "add";
  more["type"] = "custom";
  more["key"] = key;
  return agent.post("/v1/notices", more);
}

TEST_P(NoticeBoard, WakesWhoeverWaits) {
  const AgentUnderTest agent(program());
  auto waiting = std::async(std::launch::async, [&] {
    return agent.get("/v1/notices?types=custom&keys=a.example/b&timeout=10s").result();
  });
  std::this_thread::sleep_for(milliseconds(200));
  notify(agent, "a.example/other");
  std::this_thread::sleep_for(milliseconds(200));
  const auto start = steady_clock::now();
  notify(agent, "a.example/b", {{"data", {{"k", "v"}}}});
  const Json notices = waiting.get();
  EXPECT_LT(steady_clock::now() - start, milliseconds(2000));
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0]["last-data"], (Json{{"k", "v"}}));
}

TEST_P(NoticeBoard, WaitsForOccurrencesAfterATime) {
  const AgentUnderTest agent(program());
  notify(agent, "a.example/b");
  const Json first = agent.get("/v1/notices?types=custom").result();
  const std::string after = first[0]["last-repeated"];
  const auto start = steady_clock::now();
  EXPECT_EQ(agent.get("/v1/notices?types=custom&timeout=300ms&after=" + after).result(),
            Json::array());
  EXPECT_GE(steady_clock::now() - start, milliseconds(300));
  notify(agent, "a.example/b");
  const Json again = agent.get("/v1/notices?types=custom&timeout=5s&after=" + after).result();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0]["id"], first[0]["id"]);
  EXPECT_EQ(again[0]["occurrences"], 2);
}

TEST_P(NoticeBoard, DoesNotRepeatWithinTheTimeAskedFor) {
  const AgentUnderTest agent(program());
  notify(agent, "a.example/b");
  const Json first = agent.get("/v1/notices?types=custom").result()[0];
  notify(agent, "a.example/b", {{"repeat-after", "1h"}});
  const Json second = agent.get("/v1/notices?types=custom").result()[0];
  EXPECT_EQ(second["last-repeated"], first["last-repeated"]);
  EXPECT_NE(second["last-occurred"], first["last-occurred"]);
  EXPECT_EQ(second["occurrences"], 2);
  EXPECT_EQ(second["repeat-after"], "1h0m0s");
}

TEST_P(NoticeBoard, OrdersByTheLastRepetition) {
  const AgentUnderTest agent(program());
  for (const char* key : {"a.example/one", "a.example/two", "a.example/one"}) {
    notify(agent, key);
  }
  const Json notices = agent.get("/v1/notices?types=custom").result();
  ASSERT_EQ(notices.size(), 2U);
  EXPECT_EQ(notices[0]["key"], "a.example/two");
  EXPECT_EQ(notices[1]["key"], "a.example/one");
}

RUN_AGAINST_BOTH(NoticeBoard);

}  // namespace
}  // namespace contract::pebble
