// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/pebble/client.hpp"

#include "tests/support/fake_pebble.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <functional>

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
  ASSERT_EQ(client.services().size(), 1U);
  EXPECT_EQ(client.services()[0].name, "web");
  EXPECT_EQ(client.services()[0].startup, "enabled");
  EXPECT_EQ(client.services()[0].current, "active");
}

TEST_F(ClientTest, ReplacesTheLayerOfTheSameLabel) {
  client.add_layer("base", layer_with("sleep 1"));
  client.add_layer("base", layer_with("sleep 2"));
  EXPECT_EQ(pebble.plan()["services"]["web"]["command"], "sleep 2");
  EXPECT_NE(client.plan().find("sleep 2"), std::string::npos);
}

TEST_F(ClientTest, StopsStartsAndRestartsByName) {
  client.add_layer("base", layer_with("sleep 1"));
  client.start({"web"});
  EXPECT_EQ(pebble.current("web"), "active");
  client.restart({"web"});
  EXPECT_EQ(pebble.starts("web"), 2);
  client.stop({"web"});
  EXPECT_EQ(pebble.current("web"), "inactive");
}

TEST_F(ClientTest, AsksNothingOfPebbleForNoServices) {
  client.start({});
  client.stop({});
  client.restart({});
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
  client.set_change_timeout(20ms);
  EXPECT_EQ(fault<ChangeError>([this] { client.replan(); }),
            "change 1 (Replan service \"web\") has not ended within 20 ms");
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

TEST_F(ClientTest, ReadsChecksAndHealth) {
  client.add_layer(
      "base",
      {.checks = {{"alive", {.level = "alive", .tcp_port = 1}},
                  {"ready", {.level = "ready", .threshold = 5, .http_url = "http://localhost/"}}}});
  EXPECT_TRUE(client.healthy("ready"));
  pebble.check_status["ready"] = "down";
  EXPECT_TRUE(client.healthy("alive"));
  EXPECT_FALSE(client.healthy("ready"));
  const auto checks = client.checks();
  ASSERT_EQ(checks.size(), 2U);
  EXPECT_EQ(checks[0].status, "up");
  EXPECT_EQ(checks[0].failures, 0);
  EXPECT_EQ(checks[1].name, "ready");
  EXPECT_EQ(checks[1].level, "ready");
  EXPECT_EQ(checks[1].status, "down");
  EXPECT_EQ(checks[1].failures, 5);
  EXPECT_EQ(checks[1].threshold, 5);
}

TEST_F(ClientTest, ReadsTheNewestLogLines) {
  pebble.logs = {{"2026-01-01T00:00:00Z", "web", "one"},
                 {"2026-01-01T00:00:01Z", "other", "two"},
                 {"2026-01-01T00:00:02Z", "web", "three \xc3\xa9"}};
  EXPECT_EQ(client.logs({}, 10).size(), 3U);
  const auto newest = client.logs({"web"}, 1);
  ASSERT_EQ(newest.size(), 1U);
  EXPECT_EQ(newest[0].time, "2026-01-01T00:00:02Z");
  EXPECT_EQ(newest[0].service, "web");
  EXPECT_EQ(newest[0].message, "three \xc3\xa9");
}

}  // namespace
}  // namespace charm::pebble
