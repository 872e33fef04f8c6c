// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/pebble/plan.hpp"

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

const Layer layer{.services = {{"hockeypuck", {.command = "sleep 1", .user_id = 584792}}},
                  .checks = {{"ready", {.period = "10s", .tcp_port = 11371}}},
                  .log_targets = {{"loki", {.location = "http://loki", .services = {"all"}}}}};

/// The layer as Pebble prints it.
const std::string in_place = R"(services:
    hockeypuck:
        startup: enabled
        override: replace
        command: sleep 1
        user-id: 584792
checks:
    ready:
        override: replace
        period: 10s
        threshold: 3
        tcp:
            port: 11371
log-targets:
    loki:
        override: replace
        type: loki
        location: http://loki
        services: [all]
)";

std::string with(const std::string& old, const std::string& text) {
  std::string plan = in_place;
  return plan.replace(plan.find(old), old.size(), text);
}

Layer difference_of(const std::string& plan) {
  return difference(read_plan(plan), layer);
}

Layer targets_to_change(const std::string& plan) {
  return difference(read_plan(plan), layer.log_targets);
}

TEST(PlanDifference, IsNothingWhereAllIsInPlace) {
  EXPECT_EQ(difference_of(in_place), Layer{});
  EXPECT_EQ(difference_of(in_place + "    other:\n        location: http://other\n"), Layer{});
  EXPECT_EQ(targets_to_change(in_place), Layer{});
}

TEST(PlanDifference, IsAllWhereThePlanIsEmptyOrNone) {
  for (const char* plan : {"", "{}\n", "services: [", "- services", "services: 1",
                           "services:\n    hockeypuck: null\nlog-targets: []\n"}) {
    EXPECT_EQ(difference_of(plan), layer) << plan;
    EXPECT_EQ(targets_to_change(plan), Layer{.log_targets = layer.log_targets}) << plan;
  }
}

TEST(PlanDifference, IsTheEntryThatHasSomethingElseOrMoreOrLess) {
  for (const auto& [old, text] :
       std::map<std::string, std::string>{{"sleep 1", "sleep 2"},
                                          {"startup: enabled", "startup: disabled"},
                                          {"        user-id: 584792\n", ""},
                                          {"584792", "584792\n        group: root"},
                                          {"command: sleep 1", "command: [sleep, '1']"}}) {
    EXPECT_EQ(difference_of(with(old, text)), Layer{.services = layer.services}) << text;
  }
  EXPECT_EQ(difference_of(with("11371", "11372")), Layer{.checks = layer.checks});
  EXPECT_EQ(difference_of(with("[all]", "[all, all]")), Layer{.log_targets = layer.log_targets});
}

TEST(PebblePlan, WithAliasesIsEmpty) {
  for (const char* text : {"services: {a: &a {b: *a}}", "services: {a: {b: &b [], c: [*b, *b]}}"}) {
    EXPECT_TRUE(read_plan(text).entries.empty()) << text;
  }
}

TEST(PlanDifference, SilencesATargetThatThePlanHasTwice) {
  const PebblePlan plan = read_plan("log-targets: {old: x, old: {location: y}}");
  EXPECT_EQ(difference(plan, std::map<std::string, LogTarget>()).log_targets,
            (std::map<std::string, LogTarget>{{"old", {.services = {"-all"}}}}));
}

TEST(PlanDifference, SilencesTheTargetsThatAreNotWanted) {
  const LogTarget silent{.location = "http://old", .services = {"-all"}};
  EXPECT_EQ(targets_to_change(in_place + "    old:\n        location: http://old\n"),
            (Layer{.log_targets = {{"old", silent}}}));
  EXPECT_EQ(targets_to_change(in_place + "    old: {location: x, services: [-all]}\n"), Layer{});
  EXPECT_EQ(targets_to_change(in_place + "    old: {location: [x]}\n"),
            (Layer{.log_targets = {{"old", {.services = {"-all"}}}}}));
}

TEST(PlanDifference, IsNothingOnceATargetIsSilent) {
  const Layer silenced{.log_targets = {{"loki", {.location = "http://l", .services = {"-all"}}}}};
  EXPECT_EQ(difference(read_plan(in_place), silenced), silenced);
  EXPECT_EQ(difference(read_plan(with("[all]", "[-all]")), silenced), Layer{});
}

}  // namespace
}  // namespace charm::pebble
