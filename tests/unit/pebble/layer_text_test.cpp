// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/pebble/client.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace charm::pebble {
namespace {

using Json = nlohmann::json;

TEST(LayerText, IsAnEmptyMappingForAnEmptyLayer) {
  EXPECT_EQ(layer_text({}), "{}");
}

TEST(LayerText, WritesEveryFieldOfAService) {
  const Layer layer = {.services = {{"hockeypuck",
                                     {.summary = "Keyserver",
                                      .command = "hockeypuck -config /etc/h.conf",
                                      .startup = "enabled",
                                      .environment = {{"PORT", "11371"}, {"ON", "yes"}},
                                      .working_dir = "/hockeypuck",
                                      .on_success = "restart",
                                      .on_failure = "ignore",
                                      .backoff_delay = "500ms",
                                      .backoff_limit = "1m",
                                      .kill_delay = "10s",
                                      .on_check_failure = {{"alive", "restart"}},
                                      .user_id = 584792,
                                      .group_id = 584793}}}};
  EXPECT_EQ(Json::parse(layer_text(layer)), Json::parse(R"({"services": {"hockeypuck": {
    "override": "replace", "summary": "Keyserver", "command": "hockeypuck -config /etc/h.conf",
    "startup": "enabled", "environment": {"PORT": "11371", "ON": "yes"},
    "working-dir": "/hockeypuck", "on-success": "restart", "on-failure": "ignore",
    "backoff-delay": "500ms", "backoff-limit": "1m", "kill-delay": "10s", "on-check-failure": {"alive": "restart"},
    "user-id": 584792, "group-id": 584793}}})"));
}

TEST(LayerText, LeavesOutWhatIsEmpty) {
  const Layer layer = {.services = {{"a", {.command = "sleep 1"}}}};
  EXPECT_EQ(Json::parse(layer_text(layer)), Json::parse(R"({"services": {"a": {
    "override": "replace", "command": "sleep 1", "startup": "enabled"}}})"));
}

TEST(LayerText, WritesChecksAndLogTargets) {
  const Layer layer = {
      .checks = {{"alive",
                  {.level = "alive",
                   .period = "10s",
                   .timeout = "3s",
                   .threshold = 5,
                   .tcp_port = 11371}},
                 {"ready", {.level = "ready", .http_url = "http://localhost:11371/"}}},
      .log_targets = {{"loki",
                       {.location = "http://loki:3100/loki/api/v1/push",
                        .services = {"-all", "hockeypuck"},
                        .labels = {{"juju_unit", "hockeypuck-k8s/0"}}}}}};
  EXPECT_EQ(Json::parse(layer_text(layer)), Json::parse(R"({
    "checks": {
      "alive": {"override": "replace", "level": "alive", "period": "10s", "timeout": "3s",
                "threshold": 5, "tcp": {"port": 11371}},
      "ready": {"override": "replace", "level": "ready", "threshold": 3,
                "http": {"url": "http://localhost:11371/"}}},
    "log-targets": {
      "loki": {"override": "replace", "type": "loki",
               "location": "http://loki:3100/loki/api/v1/push",
               "services": ["-all", "hockeypuck"],
               "labels": {"juju_unit": "hockeypuck-k8s/0"}}}})"));
}

}  // namespace
}  // namespace charm::pebble
