// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "cos.hpp"

#include "databags.hpp"
#include "registry.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/file_text.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <vector>

namespace cos_test {

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

/// The content of the file in the source tree.
std::string source_of(const charm::cos::EmbeddedFile& file) {
  return test::file_text(std::filesystem::path(SOURCE_DIR) / file.path);
}

std::string published_rules() {
  charm::Snapshot snapshot = test::with({{.id = 7, .endpoint = "metrics-endpoint"}});
  return test::published(charm::prometheus_scrape, snapshot).at(0).data.at("alert_rules");
}

TEST(CosFiles, AreTheFilesOfTheSourceTree) {
  std::set<std::string> embedded;
  for (const auto files : {charm::cos::grafana_dashboards(), charm::cos::prometheus_alert_rules(),
                           charm::cos::loki_alert_rules()}) {
    for (const auto& file : files) {
      embedded.emplace(file.path);
      const auto path = std::filesystem::path(SOURCE_DIR) / file.path;
      EXPECT_EQ(file.stem, path.stem().string());
    }
  }
  std::set<std::string> present;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(SOURCE_DIR "/src/cos")) {
    if (entry.is_regular_file()) {
      present.insert(std::filesystem::relative(entry.path(), SOURCE_DIR).string());
    }
  }
  EXPECT_EQ(embedded, present);
}

TEST(PrometheusRules, LeaveNoPlaceholderAndNoEmptyGroup) {
  const auto text = published_rules();
  EXPECT_EQ(text.find("%%"), std::string::npos);
  std::set<std::string> names;
  const auto rules = json::parse(text);
  for (const auto& group : rules.at("groups")) {
    EXPECT_FALSE(group.at("rules").empty());
    EXPECT_TRUE(names.insert(group.at("name").get<std::string>()).second)
        << "twice: " << group.at("name");
  }
  EXPECT_EQ(names.size(), 3U);
}

// Every selector of every rule must be limited to this application. Otherwise the
// alert of one keyserver would fire for a fault of a different one.
TEST(PrometheusRules, BindEverySelector) {
  for (const auto& file : charm::cos::prometheus_alert_rules()) {
    const std::string content = source_of(file);
    for (auto at = content.find('{'); at != std::string::npos; at = content.find('{', at + 1)) {
      const bool is_template = content.compare(at, 2, "{{") == 0;
      if (is_template) {
        at = content.find("}}", at);
        continue;
      }
      EXPECT_EQ(content.compare(at, 18, "{%%juju_topology%%"), 0)
          << file.path << ": " << content.substr(at, 40);
    }
  }
}

/// The tests of the rules, for the topology of published_rules().
std::string rule_tests() {
  const std::string placeholder = "%%juju_topology%%";
  const std::string own = charm::cos::topology_matchers(test::leader_unit());
  std::string text = test::file_text(TEST_DATA_DIR "/interfaces/prometheus_rules_test.yaml");
  for (auto at = text.find(placeholder); at != std::string::npos;
       at = text.find(placeholder, at + own.size())) {
    text.replace(at, placeholder.size(), own);
  }
  return text;
}

TEST(PrometheusRules, FireWhenTheyShouldAndOnlyThen) {
  if (!test::find_on_path("promtool")) {
    GTEST_SKIP() << "promtool is not installed";
  }
  const test::TemporaryDirectory directory("rules");
  std::ofstream(directory.path() / "rules.json") << published_rules();
  std::ofstream(directory.path() / "test.yaml") << rule_tests();
  const auto checked = test::run(
      {.arguments = {"promtool", "check", "rules", "rules.json"}, .directory = directory.path()});
  EXPECT_EQ(checked.status, 0) << checked.output << checked.error;
  const auto tested = test::run(
      {.arguments = {"promtool", "test", "rules", "test.yaml"}, .directory = directory.path()});
  EXPECT_EQ(tested.status, 0) << tested.output << tested.error;
}

TEST(PrometheusRules, AreEachTestedFiringAndQuiet) {
  const std::string tests = rule_tests();
  const auto rules = json::parse(published_rules());
  for (const auto& group : rules.at("groups")) {
    for (const auto& rule : group.at("rules")) {
      const auto name = rule.at("alert").get<std::string>();
      const auto severity = rule.at("labels").at("severity").get<std::string>();
      const std::string fires =
          "labels: '{alertname=\"" + name + "\",severity=\"" + severity + "\"";
      EXPECT_NE(tests.find(fires), std::string::npos) << name;
      const std::regex quiet("alertname=\"" + name + "\"[^\n]*\n[^\n]*\n *exp_samples: \\[\\]");
      EXPECT_TRUE(std::regex_search(tests, quiet)) << name;
    }
  }
}

// A scrape of Hockeypuck 2.3.3 after a reconciliation with a peer. Prometheus makes `up` itself,
// and `busy_peer` exists only after a peer was busy.
TEST(CosFiles, AskOnlyForMetricsThatHockeypuckHas) {
  std::string scrape = test::file_text(TEST_DATA_DIR "/hockeypuck/metrics.txt");
  ASSERT_FALSE(scrape.empty());
  scrape += "conflux_reconciliation_busy_peer{peer=\"192.0.2.1\"} 1\n";
  std::string queries;
  for (const auto& file : charm::cos::prometheus_alert_rules()) {
    queries += source_of(file);
  }
  for (const auto& file : charm::cos::grafana_dashboards()) {
    queries += source_of(file);
  }
  const std::regex metric(R"(\b(hockeypuck|conflux|process|go|promhttp)_[a-z_]+(?=\{))");
  std::set<std::string> names;
  for (std::sregex_iterator match(queries.begin(), queries.end(), metric), end; match != end;
       ++match) {
    names.insert(match->str());
  }
  EXPECT_GT(names.size(), 10U);
  for (const auto& name : names) {
    EXPECT_TRUE(std::regex_search(scrape, std::regex("(^|\n)" + name + "[{ ]"))) << name;
  }
}

/// Checks the warnings that each relation with COS makes from an event of the other side.
void expect_of_event(const std::string& text, const std::vector<std::string>& problems) {
  for (const auto* handler :
       {&charm::prometheus_scrape, &charm::grafana_dashboard, &charm::loki_push_api}) {
    const std::string endpoint(handler->endpoint);
    charm::Facts expected;
    for (const auto& problem : problems) {
      expected.warnings.push_back("relation 7 (" + endpoint + "), event: " + problem);
    }
    const auto snapshot = test::with({{.id = 7,
                                       .endpoint = endpoint,
                                       .remote_app = "cos",
                                       .remote_app_data = {{"event", text}}}});
    EXPECT_EQ(test::learned(*handler, snapshot), expected) << text.substr(0, 50);
  }
}

TEST(CosEvent, IsPassedOnWhereItTellsOfErrors) {
  expect_of_event(R"({"errors": "a\nb"})", {"cos reports: a b"});
  expect_of_event(R"({"scrape_job_errors": "c"})", {"cos reports: c"});
  expect_of_event(R"({"errors": [{"dashboard_id": "d", "error": "e"}, {"error": "f"}]})",
                  {"cos reports: d: e", "cos reports: f"});
}

TEST(CosEvent, IsIgnoredWhereItSaysNothing) {
  for (const auto* const text :
       {"{}", R"({"errors": ""})", R"({"errors": null})", R"({"errors": 1})", R"({"errors": []})",
        R"({"errors": [1, {}, {"error": 1}]})", R"({"valid": true})", R"({"errors": {}})"}) {
    expect_of_event(text, {});
  }
}

TEST(CosEvent, IsAWarningWhenItIsNoJsonObject) {
  for (const auto& text : test::hostile_texts()) {
    expect_of_event(text, {"not a JSON object"});
  }
}

}  // namespace cos_test
