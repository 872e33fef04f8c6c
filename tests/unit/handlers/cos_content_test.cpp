// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
// What the charm ships for Prometheus, Loki and Grafana, checked against what their charms accept.
#include "charm/handlers/prometheus_scrape.hpp"
#include "cos_files.hpp"
#include "databags.hpp"
#include "digest.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

namespace {

using nlohmann::json;

std::string file_content(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string published_rules() {
  charm::Snapshot snapshot = test::with({{.id = 7, .endpoint = "metrics-endpoint"}});
  return test::published(charm::PrometheusScrape(), snapshot).at(0).data.at("alert_rules");
}

json hockeypuck_dashboard() {
  return json::parse(charm::cos::grafana_dashboards().front().content);
}

json panels() {
  return hockeypuck_dashboard().at("panels");
}

TEST(CosFiles, AreTheFilesOfTheSourceTree) {
  std::set<std::string> embedded;
  for (const auto files : {charm::cos::grafana_dashboards(), charm::cos::prometheus_alert_rules(),
                           charm::cos::loki_alert_rules()}) {
    for (const auto& file : files) {
      embedded.emplace(file.path);
      const auto path = std::filesystem::path(SOURCE_DIR) / file.path;
      EXPECT_EQ(file.content, file_content(path)) << file.path;
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

// Every selector of every rule must be bound to this application, or one keyserver's alert would
// fire for another's trouble.
TEST(PrometheusRules, BindEverySelector) {
  for (const auto& file : charm::cos::prometheus_alert_rules()) {
    const std::string content(file.content);
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

TEST(PrometheusRules, FireWhenTheyShould) {
  if (!test::on_path("promtool")) {
    GTEST_SKIP() << "promtool is not installed";
  }
  const test::TemporaryDirectory directory("rules");
  std::ofstream(directory.path() / "rules.json") << published_rules();
  std::filesystem::copy_file(TEST_DATA_DIR "/interfaces/prometheus_rules_test.yaml",
                             directory.path() / "test.yaml");
  const auto checked = test::run(
      {.arguments = {"promtool", "check", "rules", "rules.json"}, .directory = directory.path()});
  EXPECT_EQ(checked.status, 0) << checked.output << checked.error;
  const auto tested = test::run(
      {.arguments = {"promtool", "test", "rules", "test.yaml"}, .directory = directory.path()});
  EXPECT_EQ(tested.status, 0) << tested.output << tested.error;
}

TEST(Dashboard, HasTheUidThatTheLibrariesWouldGiveIt) {
  const auto path = std::string(charm::cos::grafana_dashboards().front().path);
  const auto dashboard = hockeypuck_dashboard();
  EXPECT_EQ(dashboard.at("uid"), charm::cos::shake256_hex("hockeypuck-k8s-" + path, 20));
  EXPECT_EQ(dashboard.at("title"), "Hockeypuck metrics");
  EXPECT_TRUE(dashboard.at("version").is_number_integer());
  EXPECT_EQ(dashboard.at("tags").at(0), "charm: hockeypuck-k8s");
  EXPECT_TRUE(dashboard.at("templating").at("list").is_array());
}

// The matchers for model, application and unit are put into panels with exactly this data source.
TEST(Dashboard, AsksOnlyThePrometheusOfItsVariable) {
  const json source = {{"type", "prometheus"}, {"uid", "${prometheusds}"}};
  for (const auto& panel : panels()) {
    if (panel.at("type") == "row") {
      EXPECT_EQ(panel.at("collapsed"), false) << panel.at("title");
      EXPECT_EQ(panel.at("panels"), json::array()) << panel.at("title");
      continue;
    }
    EXPECT_EQ(panel.at("datasource"), source) << panel.at("title");
    for (const auto& target : panel.at("targets")) {
      EXPECT_EQ(target.at("datasource"), source) << panel.at("title");
    }
  }
}

TEST(Dashboard, HasNoPanelTwiceAndNoneUnderAnother) {
  std::set<std::string> titles;
  std::set<std::string> expressions;
  std::set<int> ids;
  std::set<std::pair<int, int>> cells;
  for (const auto& panel : panels()) {
    EXPECT_TRUE(ids.insert(panel.at("id").get<int>()).second) << panel.at("title");
    EXPECT_TRUE(titles.insert(panel.at("title").get<std::string>()).second) << panel.at("title");
    for (const auto& target : panel.value("targets", json::array())) {
      EXPECT_TRUE(expressions.insert(target.at("expr").get<std::string>()).second)
          << target.at("expr");
    }
    const auto& place = panel.at("gridPos");
    for (int x = place.at("x"); x < place.at("x").get<int>() + place.at("w").get<int>(); ++x) {
      for (int y = place.at("y"); y < place.at("y").get<int>() + place.at("h").get<int>(); ++y) {
        EXPECT_LT(x, 24);
        EXPECT_TRUE(cells.emplace(x, y).second) << panel.at("title");
      }
    }
  }
}

// A scrape of Hockeypuck 2.3.3 that had reconciled with a peer. Prometheus makes `up` itself, and
// `busy_peer` is there only after a peer was busy.
TEST(CosFiles, AskOnlyForMetricsThatHockeypuckHas) {
  std::string scrape = file_content(TEST_DATA_DIR "/interfaces/hockeypuck_metrics.txt");
  ASSERT_FALSE(scrape.empty());
  scrape += "conflux_reconciliation_busy_peer{peer=\"192.0.2.1\"} 1\n";
  std::string queries;
  for (const auto& file : charm::cos::prometheus_alert_rules()) {
    queries += file.content;
  }
  for (const auto& panel : panels()) {
    for (const auto& target : panel.value("targets", json::array())) {
      queries += target.at("expr").get<std::string>() + "\n";
    }
  }
  const std::regex metric(R"(\b(hockeypuck|conflux|process|go|promhttp)_[a-z_]+)");
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

/// The queries as Grafana sends them, with its variables set.
std::string query(std::string expression) {
  for (const std::string variable : {"$__rate_interval", "$__interval"}) {
    for (auto at = expression.find(variable); at != std::string::npos;
         at = expression.find(variable)) {
      expression.replace(at, variable.size(), "5m");
    }
  }
  return expression;
}

TEST(Dashboard, AsksWhatPrometheusUnderstands) {
  if (!test::on_path("promtool")) {
    GTEST_SKIP() << "promtool is not installed";
  }
  auto rules = json::array();
  for (const auto& panel : panels()) {
    for (const auto& target : panel.value("targets", json::array())) {
      rules.push_back(
          {{"record", "a:b" + std::to_string(rules.size())}, {"expr", query(target.at("expr"))}});
    }
  }
  const json group = {{"name", "dashboard"}, {"rules", rules}};
  const test::TemporaryDirectory directory("dashboard");
  std::ofstream(directory.path() / "rules.json") << json{{"groups", json::array({group})}};
  const auto checked = test::run(
      {.arguments = {"promtool", "check", "rules", "rules.json"}, .directory = directory.path()});
  EXPECT_EQ(checked.status, 0) << checked.output << checked.error;
}

}  // namespace
