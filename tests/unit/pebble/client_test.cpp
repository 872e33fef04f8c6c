// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/pebble/client.hpp"

#include "tests/support/fake_pebble.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <functional>
#include <utility>
#include <vector>

namespace charm::pebble {
namespace {

using std::chrono_literals::operator""ms;

class ClientTest : public testing::Test {
 protected:
  test::FakePebble pebble;
  Client client{pebble};
};

Layer layer_with(const std::string& command) {
  return {.services = {{"web", {.command = command}}}};
}

template <typename Fault>
std::string fault(const std::function<void()>& attempt) {
  try {
    attempt();
  } catch (const Fault& error) {
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

TEST_F(ClientTest, TellsTheVersion) {
  EXPECT_EQ(client.version(), "v1.26.0");
}

TEST_F(ClientTest, StartsEnabledServicesByReplan) {
  client.add_layer("base", layer_with("sleep 1"));
  client.replan();
  EXPECT_EQ(client.services(), (std::map<std::string, std::string>{{"web", "active"}}));
}

TEST_F(ClientTest, ReplacesTheLayerOfTheSameLabel) {
  client.add_layer("base", layer_with("sleep 1"));
  client.add_layer("base", layer_with("sleep 2"));
  EXPECT_EQ(pebble.plan()["services"]["web"]["command"], "sleep 2");
  EXPECT_NE(client.plan().find("sleep 2"), std::string::npos);
}

TEST_F(ClientTest, StartsAndStopsByName) {
  client.add_layer("base", layer_with("sleep 1"));
  client.start({"web"});
  EXPECT_EQ(pebble.current("web"), "active");
  client.stop({"web"});
  EXPECT_EQ(pebble.current("web"), "inactive");
}

TEST_F(ClientTest, AsksNothingOfPebbleForNoServices) {
  client.start({});
  client.stop({});
  EXPECT_TRUE(pebble.posts.empty());
}

TEST_F(ClientTest, SaysWhyAServiceDoesNotStart) {
  pebble.exits_quickly["web"] = {"cannot open the database", "giving up"};
  client.add_layer("base", layer_with("sleep 1"));
  EXPECT_EQ(fault<ChangeError>([this] { client.replan(); }),
            "cannot perform the following tasks:\n- Start service \"web\" (service start attempt: "
            "exited quickly with code 1, will restart)\nlast output:\n"
            "    cannot open the database\n    giving up");
}

TEST_F(ClientTest, ShowsOnlyTheLastLinesOfTheOutput) {
  for (int i = 1; i <= 20; ++i) {
    pebble.exits_quickly["web"].push_back("line " + std::to_string(i));
  }
  client.add_layer("base", layer_with("sleep 1"));
  const std::string text = fault<ChangeError>([this] { client.replan(); });
  EXPECT_EQ(text.find("line 10\n"), std::string::npos);
  EXPECT_NE(text.find("last output:\n    line 11\n"), std::string::npos);
}

TEST_F(ClientTest, GivesUpOnAChangeThatDoesNotEnd) {
  client.add_layer("base", layer_with("sleep 1"));
  pebble.stuck = true;
  const Deadline soon(20ms);
  const Client impatient(pebble, soon);
  EXPECT_EQ(fault<OutOfTime>([&impatient] { impatient.replan(); }),
            "replan has not ended in time (change 1)");
}

TEST_F(ClientTest, NeverWaitsForAChangeWithoutALimit) {
  client.add_layer("base", layer_with("sleep 1"));
  client.start({"web"});
  pebble.stuck = true;
  const Deadline soon(300ms);
  const Client late(pebble, soon);
  const std::string text = fault<OutOfTime>([&late] { late.stop({"web"}); });
  EXPECT_NE(text.find("stop web has not ended in time"), std::string::npos) << text;
  for (const std::string& target : pebble.waits) {
    EXPECT_EQ(target.find("timeout=0ms"), std::string::npos) << target;
  }
}

TEST_F(ClientTest, PassesOnWhatPebbleRefuses) {
  const auto text = fault<ApiError>([this] { client.start({"nobody"}); });
  EXPECT_EQ(text,
            "Pebble refused POST /v1/services (HTTP 400): cannot start services: service "
            "\"nobody\" does not exist");
}

TEST_F(ClientTest, TellsAPebbleThatIsDown) {
  pebble.down = true;
  EXPECT_THROW(static_cast<void>(client.services()), ConnectionError);
  EXPECT_THROW(client.write({{.path = "/a"}}), ConnectionError);
}

TEST_F(ClientTest, ReadsChecks) {
  client.add_layer(
      "base",
      {.checks = {{"alive", {.level = "alive", .tcp_port = 1}},
                  {"ready", {.level = "ready", .threshold = 5, .http_url = "http://localhost/"}}}});
  pebble.check_status["ready"] = "down";
  EXPECT_EQ(client.checks(),
            (std::map<std::string, std::string>{{"alive", "up"}, {"ready", "down"}}));
}

TEST_F(ClientTest, ReadsTheNewestLogLines) {
  pebble.logs = {{"2026-01-01T00:00:00Z", "web", "one"},
                 {"2026-01-01T00:00:01Z", "other", "two"},
                 {"2026-01-01T00:00:02Z", "web", "three \xc3\xa9"}};
  EXPECT_EQ(client.logs({}, 10).size(), 3U);
  const auto newest = client.logs({"web"}, 1);
  ASSERT_EQ(newest.size(), 1U);
  EXPECT_EQ(newest[0].time, "2026-01-01T00:00:02Z");
  EXPECT_EQ(newest[0].message, "three \xc3\xa9");
}

/// Gives the same answer to every request.
class Broken final : public Transport {
 public:
  explicit Broken(Response answer) : answer_(std::move(answer)) {}

  Response send(const Request& /*request*/, std::chrono::milliseconds /*timeout*/) override {
    return answer_;
  }

 private:
  Response answer_;
};

const std::vector<std::pair<std::string, std::function<void(const Client&)>>>& calls() {
  static const std::vector<std::pair<std::string, std::function<void(const Client&)>>> list = {
      {"version", [](const Client& c) { static_cast<void>(c.version()); }},
      {"plan", [](const Client& c) { static_cast<void>(c.plan()); }},
      {"services", [](const Client& c) { static_cast<void>(c.services()); }},
      {"checks", [](const Client& c) { static_cast<void>(c.checks()); }},
      {"replan", [](const Client& c) { c.replan(); }},
      {"read", [](const Client& c) { static_cast<void>(c.read({"/a"})); }},
      {"write", [](const Client& c) { c.write({{.path = "/a"}}); }},
      {"remove", [](const Client& c) { c.remove({"/a"}, false); }},
      {"logs", [](const Client& c) { static_cast<void>(c.logs({}, 1)); }},
  };
  return list;
}

TEST(WrongAnswers, AreApiErrorsAndNeverQuoted) {
  const std::string multipart = "multipart/form-data; boundary=b";
  const std::vector<Response> table = {
      {.status = 200, .body = "hunter2", .content_type = "text/plain"},
      {.status = 200, .body = "[\"hunter2\"]", .content_type = "application/json"},
      {.status = 200, .body = "{\"hunter2\":1}", .content_type = "application/json"},
      {.status = 200,
       .body = R"({"type":"sync","result":[1,{"hunter2":[]}]})",
       .content_type = "application/json"},
      {.status = 202,
       .body = R"({"type":"async","change":{"hunter2":1},"result":7})",
       .content_type = "application/json"},
      {.status = 200, .body = "--b\r\nhunter2", .content_type = multipart},
      {.status = 200, .body = "--b\r\n\r\nhunter2\r\n--b--\r\n", .content_type = multipart},
      {.status = 404,
       .body = R"({"type":"error","result":{"kind":7,"message":[]}})",
       .content_type = "application/json"},
  };
  for (const Response& answer : table) {
    Broken transport(answer);
    const Client client(transport);
    for (const auto& [name, call] : calls()) {
      try {
        call(client);
        ADD_FAILURE() << name << " took " << answer.body;
      } catch (const ApiError& error) {
        EXPECT_EQ(std::string(error.what()).find("hunter2"), std::string::npos) << error.what();
      }
    }
  }
}

TEST(WrongAnswers, KeepTheStatusAndTheKindOfARefusal) {
  Broken transport({.status = 401,
                    .body = R"({"type":"error","status-code":401,"status":"Unauthorized",)"
                            R"("result":{"message":"access denied","kind":"login-required"}})",
                    .content_type = "application/json"});
  try {
    static_cast<void>(Client(transport).plan());
    FAIL() << "nothing was thrown";
  } catch (const ApiError& error) {
    EXPECT_EQ(error.status(), 401);
    EXPECT_EQ(error.kind(), "login-required");
    EXPECT_STREQ(error.what(), "Pebble refused GET /v1/plan?format=yaml (HTTP 401): access denied");
  }
}

TEST(WrongAnswers, ShowThePlainTextOfGosHttpServer) {
  Broken transport({.status = 400,
                    .body = "400 Bad Request: malformed Host header\n",
                    .content_type = "text/plain; charset=utf-8"});
  try {
    static_cast<void>(Client(transport).version());
    FAIL() << "nothing was thrown";
  } catch (const ApiError& error) {
    EXPECT_EQ(error.status(), 400);
    EXPECT_NE(std::string(error.what()).find("malformed Host header"), std::string::npos);
  }
}

}  // namespace
}  // namespace charm::pebble
