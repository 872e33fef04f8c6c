// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_pebble.hpp"

#include "charm/pebble/client.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace test {
namespace {

using charm::Layer;
using charm::pebble::ApiError;
using charm::pebble::ChangeError;
using charm::pebble::Client;

class FakePebbleTest : public testing::Test {
 protected:
  /// Adds a layer as text.
  int add(const std::string& label, const std::string& layer, bool combine = true) {
    const nlohmann::json body = {{"action", "add"},
                                 {"combine", combine},
                                 {"label", label},
                                 {"format", "yaml"},
                                 {"layer", layer}};
    return pebble
        .send({.method = "POST", .target = "/v1/layers", .body = body.dump()},
              std::chrono::seconds(1))
        .status;
  }

  FakePebble pebble;
  Client client{pebble};
};

TEST_F(FakePebbleTest, RefusesTheLayersThatPebbleRefuses) {
  EXPECT_EQ(add("a", R"({"services":{"a":{"override":"replace","command":"x","comand":"y"}}})"),
            400);
  EXPECT_EQ(add("a", R"({"services":{"a":{"command":"x"}}})"), 400);
  EXPECT_EQ(add("a", R"({"services":{"a":{"override":"replace"}}})"), 400);
  EXPECT_EQ(add("a", R"({"checks":{"a":{"override":"replace"}}})"), 400);
  EXPECT_EQ(add("a", R"({"checks":{"a":{"override":"replace","period":"10","tcp":{"port":1}}}})"),
            400);
  EXPECT_EQ(add("a", R"({"service":{}})"), 400);
  EXPECT_EQ(pebble.plan(), nlohmann::json::object());
  EXPECT_EQ(add("a", "{}", false), 200);
  EXPECT_EQ(add("a", "{}", false), 400);
}

TEST_F(FakePebbleTest, FoldsLayersByEntry) {
  add("low", R"({"services":{"a":{"override":"replace","command":"1","summary":"s"},
                             "b":{"override":"replace","command":"1"}}})");
  add("high", R"({"services":{"a":{"override":"replace","command":"2"}}})");
  add("low", R"({"services":{"a":{"override":"replace","command":"3"}}})");
  EXPECT_EQ(pebble.plan()["services"],
            nlohmann::json::parse(R"({"a":{"override":"replace","command":"2"},
                                      "b":{"override":"replace","command":"1"}})"));
}

TEST_F(FakePebbleTest, NormalisesThePlan) {
  add("a", R"({"checks":{"c":{"override":"replace","period":"90s","timeout":"1500ms",
                              "tcp":{"port":1}}}})");
  EXPECT_EQ(pebble.plan()["checks"]["c"]["period"], "1m30s");
  EXPECT_EQ(pebble.plan()["checks"]["c"]["timeout"], "1.5s");
  EXPECT_EQ(pebble.plan()["checks"]["c"]["threshold"], 3);
  EXPECT_NE(client.plan().find("period: \"1m30s\""), std::string::npos);
}

TEST_F(FakePebbleTest, ReplansLikePebble) {
  const auto with = [](const std::string& command, const std::string& startup) {
    return Layer{.services = {{"web", {.command = command, .startup = startup}}}};
  };
  client.add_layer("a", with("one", "enabled"));
  client.replan();
  client.replan();
  EXPECT_EQ(pebble.starts("web"), 1) << "unchanged: untouched";
  client.add_layer("a", with("two", "enabled"));
  EXPECT_EQ(pebble.starts("web"), 1) << "a layer alone starts nothing";
  client.replan();
  EXPECT_EQ(pebble.starts("web"), 2) << "changed: restarted";
  client.stop({"web"});
  client.add_layer("a", with("three", "disabled"));
  client.replan();
  EXPECT_EQ(pebble.current("web"), "active") << "changed, stopped and disabled: started";
  client.stop({"web"});
  client.replan();
  EXPECT_EQ(pebble.current("web"), "inactive") << "unchanged and disabled: left alone";
}

TEST_F(FakePebbleTest, FailsEveryReplanWithAServiceThatDiesAtOnce) {
  pebble.exits_quickly["web"] = {};
  client.add_layer("a", {.services = {{"web", {.command = "x"}}}});
  EXPECT_THROW(client.replan(), ChangeError);
  EXPECT_THROW(client.replan(), ChangeError);
  EXPECT_EQ(pebble.current("web"), "backoff");
  pebble.exits_quickly.clear();
  client.replan();
  EXPECT_EQ(pebble.current("web"), "active");
}

TEST_F(FakePebbleTest, ForgetsEverythingWhenItsContainerRestarts) {
  client.add_layer("a", {.services = {{"web", {.command = "x"}}}});
  client.replan();
  client.write({{.path = "/a"}});
  pebble.restart_container();
  EXPECT_EQ(client.plan(), "{}\n");
  EXPECT_TRUE(client.services().empty());
  EXPECT_TRUE(pebble.files.empty());
}

TEST_F(FakePebbleTest, KeepsARecordOfEveryPost) {
  client.add_layer("a", {});
  client.replan();
  client.write({{.path = "/a"}});
  static_cast<void>(client.services());
  EXPECT_EQ(pebble.posts,
            (std::vector<std::string>{"/v1/layers add", "/v1/services replan", "/v1/files write"}));
}

TEST_F(FakePebbleTest, KnowsNoOtherEndpoint) {
  const auto response =
      pebble.send({.method = "GET", .target = "/v1/exec"}, std::chrono::seconds(1));
  EXPECT_EQ(response.status, 404);
}

}  // namespace
}  // namespace test
