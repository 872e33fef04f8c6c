// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
// What is made of a file when the charm is built: embed_files_test.py.
#include "alert_rules.hpp"

#include "databags.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <vector>

namespace {

using charm::Unit;
using charm::cos::EmbeddedFile;
using nlohmann::json;

std::string rules_of(const std::vector<std::string_view>& contents,
                     const Unit& unit = test::leader_unit()) {
  std::vector<EmbeddedFile> files;
  for (const auto content : contents) {
    files.push_back({.path = "src/cos/x.rule", .stem = "x", .content = content});
  }
  return charm::cos::alert_rules(files, unit);
}

constexpr std::string_view matchers =
    "juju_model=\"keyserver\",juju_model_uuid=\"5b1c2a9e-3f47-4d0a-9c53-1e8f2b6d7a10\","
    "juju_application=\"hockeypuck-k8s\"";

TEST(AlertRules, AreAnEmptyObjectWithoutFiles) {
  EXPECT_EQ(rules_of({}), "{}");
}

TEST(AlertRules, AreQualifiedByModelAndApplication) {
  const auto rules = json::parse(rules_of({
      R"({"name":"%%juju_identifier%%_a_rules","rules":[)"
      R"({"expr":"rate(x{%%juju_topology%%}[5m]) / y{%%juju_topology%%,z=\"1\"}",)"
      R"("labels":{"a":"%%juju_application%%","m":"%%juju_model%%","u":"%%juju_model_uuid%%"}}]})",
  }));
  const std::string all(matchers);
  const json rule = {{"expr", "rate(x{" + all + "}[5m]) / y{" + all + ",z=\"1\"}"},
                     {"labels",
                      {{"a", "hockeypuck-k8s"},
                       {"m", "keyserver"},
                       {"u", "5b1c2a9e-3f47-4d0a-9c53-1e8f2b6d7a10"}}}};
  const json group = {{"name", "keyserver_5b1c2a9e_hockeypuck_k8s_a_rules"},
                      {"rules", json::array({rule})}};
  EXPECT_EQ(rules, (json{{"groups", json::array({group})}}));
}

TEST(AlertRules, StayJsonWhateverAModelIsCalled) {
  Unit unit = test::leader_unit();
  unit.model = "a\"b\\c\n%%juju_model%%";
  const auto rules = json::parse(rules_of(
      {R"({"m":"%%juju_model%%","name":"%%juju_identifier%%","x":"{%%juju_topology%%}"})"}, unit));
  const json& group = rules.at("groups").at(0);
  EXPECT_EQ(group.at("m"), unit.model);
  EXPECT_EQ(group.at("name"), "a_b_c___juju_model___5b1c2a9e_hockeypuck_k8s");
  EXPECT_TRUE(group.at("x").get<std::string>().starts_with("{juju_model=\"" + unit.model + "\","));
}

TEST(AlertRules, KeepTheOrderOfFilesAndGroups) {
  EXPECT_EQ(rules_of({R"({"name":"a"},{"name":"b"})", R"({"name":"c"})"}),
            R"({"groups":[{"name":"a"},{"name":"b"},{"name":"c"}]})");
}

}  // namespace
