// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "alert_rules.hpp"

#include "charm/domain/error.hpp"
#include "databags.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <vector>

namespace {

using charm::cos::EmbeddedFile;
using nlohmann::json;

json rules_of(const std::vector<EmbeddedFile>& files) {
  return charm::cos::alert_rules(files, test::leader_unit());
}

json rules_in(std::string_view content) {
  return rules_of({{.path = "src/cos/x.rule", .stem = "x", .content = content}});
}

constexpr std::string_view matchers =
    "juju_model=\"keyserver\",juju_model_uuid=\"5b1c2a9e-3f47-4d0a-9c53-1e8f2b6d7a10\","
    "juju_application=\"hockeypuck-k8s\"";

TEST(AlertRules, AreAnEmptyObjectWithoutFiles) {
  EXPECT_EQ(rules_of({}), json::object());
}

TEST(AlertRules, AreQualifiedByModelAndApplication) {
  const auto rules = rules_in(R"json(
{"groups": [{"name": "a-b.c", "rules": [
  {"alert": "A",
   "expr": "rate(x{%%juju_topology%%}[5m]) / y{%%juju_topology%%,z=\"1\"} > 0",
   "for": "5m",
   "labels": {"severity": "warning", "juju_charm": "mine"},
   "annotations": {"summary": "{{ $value }}"}},
  {"record": "b:c", "expr": "sum(x)"}]}]}
)json");
  const std::string all(matchers);
  const json labels = {{"juju_model", "keyserver"},
                       {"juju_model_uuid", "5b1c2a9e-3f47-4d0a-9c53-1e8f2b6d7a10"},
                       {"juju_application", "hockeypuck-k8s"},
                       {"juju_charm", "hockeypuck-k8s"}};
  auto alert_labels = labels;
  alert_labels["juju_charm"] = "mine";
  alert_labels["severity"] = "warning";
  const json alert = {{"alert", "A"},
                      {"expr", "rate(x{" + all + "}[5m]) / y{" + all + ",z=\"1\"} > 0"},
                      {"for", "5m"},
                      {"labels", alert_labels},
                      {"annotations", {{"summary", "{{ $value }}"}}}};
  const json record = {{"record", "b:c"}, {"expr", "sum(x)"}, {"labels", labels}};
  const json group = {{"name", "keyserver_5b1c2a9e_hockeypuck_k8s_a_b_c_rules"},
                      {"rules", json::array({alert, record})}};
  EXPECT_EQ(rules, (json{{"groups", json::array({group})}}));
}

TEST(AlertRules, KeepTheOrderOfFilesAndGroups) {
  constexpr std::string_view two =
      R"({"groups": [{"name": "a", "rules": []}, {"name": "b_rules", "rules": []}]})";
  constexpr std::string_view one = R"({"groups": [{"name": "c", "rules": []}]})";
  const auto rules = rules_of(
      {{.path = "1", .stem = "1", .content = two}, {.path = "2", .stem = "2", .content = one}});
  std::vector<std::string> names;
  for (const auto& group : rules.at("groups")) {
    names.push_back(group.at("name"));
  }
  const std::string prefix = "keyserver_5b1c2a9e_hockeypuck_k8s_";
  EXPECT_EQ(names,
            (std::vector<std::string>{prefix + "a_rules", prefix + "b_rules", prefix + "c_rules"}));
}

TEST(AlertRules, AreAFaultOfTheCharmWhenAFileIsNone) {
  for (const auto* const content :
       {"", "groups:", R"("groups")", "{}", R"({"groups": [1]})", R"({"groups": [{"rules": []}]})",
        R"({"groups": [{"name": "a"}]})",
        R"({"groups": [{"name": "a", "rules": [{"alert": "x"}]}]})"}) {
    EXPECT_THROW(rules_in(content), charm::Error) << content;
  }
}

}  // namespace
