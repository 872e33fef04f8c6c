// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/pebble_client/pebble_daemon.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/file_text.hpp"

#include <algorithm>

namespace test {
namespace {

using charm::Layer;
using charm::Service;
using charm::pebble::ApiError;
using charm::pebble::ChangeError;
using charm::pebble::ConnectionError;
using std::chrono_literals::operator""ms;

class PebbleServices : public PebbleDaemon {
 protected:
  [[nodiscard]] std::string current(const std::string& name) const {
    const std::string state = client.service_state(name);
    return state.empty() ? "absent" : state;
  }
};

Layer sleeper(const std::string& seconds) {
  return {.services = {{"web", {.summary = "A \"service\"", .command = "sleep " + seconds}}}};
}

TEST_F(PebbleServices, StartByReplanAndRestartOnlyWhenChanged) {
  EXPECT_EQ(client.plan(), "{}\n");
  client.add_layer("base", sleeper("1000"));
  EXPECT_EQ(current("web"), "inactive");
  client.replan();
  EXPECT_EQ(current("web"), "active");
  EXPECT_NE(client.plan().find("command: sleep 1000"), std::string::npos);
  client.add_layer("base", sleeper("1001"));
  client.replan();
  EXPECT_EQ(current("web"), "active");
  EXPECT_NE(client.plan().find("command: sleep 1001"), std::string::npos);
}

TEST_F(PebbleServices, StartAndStopByName) {
  client.add_layer("base", sleeper("1000"));
  client.start({"web"});
  EXPECT_EQ(current("web"), "active");
  client.stop({"web"});
  EXPECT_EQ(current("web"), "inactive");
}

TEST_F(PebbleServices, GetSignals) {
  const std::string command = "sh -c 'trap \"echo got it\" USR1; while true; do sleep 0.05; done'";
  client.add_layer("base", {.services = {{"web", {.command = command}}}});
  EXPECT_THROW(client.send_signal("SIGUSR1", "web"), ApiError);
  client.replan();
  client.send_signal("SIGUSR1", "web");
  EXPECT_TRUE(eventually([this] {
    const auto lines = client.logs({"web"}, 5);
    return !lines.empty() && lines.back().message == "got it";
  }));
}

TEST_F(PebbleServices, GetEveryStringOfTheirEnvironmentAsItIs) {
  const std::map<std::string, std::string> environment = {
      {"NUMBER", "011371"},    {"WORD", "yes"},
      {"NOTHING", "null"},     {"QUOTED", "\"a\" 'b' \\ : # {x}"},
      {"LINES", "a\nb\n\tc "}, {"UNUSUAL", "\xc2\x85|\xe2\x80\xa8|\x7f|\xf0\x9f\x94\x91|<&>"},
  };
  std::string script = "printf '%s'";
  std::string expected;
  for (const auto& [name, value] : environment) {
    script += " \"$" + name + "\" ,";
    expected += value + ",";
  }
  client.write({{.path = path("show"), .content = script + " > " + path("shown") + "\nsleep 100"}});
  client.add_layer(
      "base",
      {.services = {{"web", {.command = "sh " + path("show"), .environment = environment}}}});
  client.replan();
  EXPECT_EQ(file_text(path("shown")), expected);
}

TEST_F(PebbleServices, SayWhyTheyDoNotStart) {
  client.write({{.path = path("fail"), .content = "echo cannot open; echo giving up >&2; exit 3"}});
  client.add_layer(
      "base", {.services = {{"web", {.command = "sh " + path("fail"), .on_failure = "ignore"}}}});
  try {
    client.replan();
    FAIL() << "nothing was thrown";
  } catch (const ChangeError& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("exited quickly with code 3"), std::string::npos) << text;
    EXPECT_TRUE(text.ends_with("last output:\n    cannot open\n    giving up")) << text;
  }
}

TEST_F(PebbleServices, AreNotWaitedForLongerThanAsked) {
  client.add_layer("base", sleeper("1000"));
  const charm::Deadline soon(600ms);
  const charm::pebble::Client impatient(transport, soon);
  try {
    impatient.replan();
    FAIL() << "nothing was thrown";
  } catch (const charm::pebble::OutOfTime& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("replan has not ended in time"), std::string::npos) << text;
  }
}

TEST_F(PebbleServices, AreRefusedWhenUnknown) {
  try {
    client.start({"nobody"});
    FAIL() << "nothing was thrown";
  } catch (const ApiError& error) {
    EXPECT_EQ(error.status(), 400);
  }
  EXPECT_THROW(client.add_layer("base", {.checks = {{"none", {}}}}), ApiError);
}

TEST_F(PebbleServices, LeaveTheirOutputInTheLog) {
  client.write({{.path = path("talk"), .content = "echo one; echo 'two \xc3\xa9'; sleep 100"}});
  client.add_layer("base", {.services = {{"web", {.command = "sh " + path("talk")}}}});
  client.replan();
  const auto entries = client.logs({"web"}, 1);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].message, "two \xc3\xa9");
  EXPECT_EQ(client.logs({}, 10).size(), 2U);
  EXPECT_TRUE(client.logs({"other"}, 10).empty());
}

TEST_F(PebbleServices, AreChecked) {
  client.add_layer("base", {.checks = {{"port",
                                        {.level = "ready",
                                         .period = "50ms",
                                         .timeout = "40ms",
                                         .threshold = 1,
                                         .tcp_port = 1}}}});
  EXPECT_TRUE(eventually([this] {
    return client.checks() == std::map<std::string, std::string>{{"port", "down"}};
  }));
}

TEST_F(PebbleServices, GoAndComeBackWithTheDaemon) {
  client.add_layer("base", sleeper("1000"));
  client.replan();
  stop();
  EXPECT_THROW(static_cast<void>(client.services()), ConnectionError);
  EXPECT_THROW(client.write({{.path = path("a")}}), ConnectionError);
  start();
  EXPECT_EQ(current("web"), "absent") << "layers added by API are lost";
  client.add_layer("base", sleeper("1000"));
  client.replan();
  EXPECT_EQ(current("web"), "active");
}

}  // namespace
}  // namespace test
