// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
// The dashboard as it lies in the source tree. What its queries find is tested against a
// Prometheus.
#include "charm/domain/digest.hpp"
#include "cos_files.hpp"
#include "databags.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>

namespace {

using nlohmann::json;

const std::string matchers = R"(juju_model=~"$juju_model",juju_model_uuid=~"$juju_model_uuid",)"
                             R"(juju_application=~"$juju_application",juju_unit=~"$juju_unit")";

json hockeypuck_dashboard() {
  const auto path = std::string(charm::cos::grafana_dashboards().front().path);
  return json::parse(std::ifstream(std::filesystem::path(SOURCE_DIR) / path));
}

json panels() {
  return hockeypuck_dashboard().at("panels");
}

std::vector<std::string> queries(const std::string& source) {
  std::vector<std::string> found;
  for (const auto& panel : panels()) {
    for (const auto& target : panel.value("targets", json::array())) {
      if (target.at("datasource").at("type") == source) {
        found.push_back(target.at("expr"));
      }
    }
  }
  return found;
}

int count(const std::string& text, const std::string& part) {
  int found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

TEST(Dashboard, HasTheUidThatTheLibrariesWouldGiveIt) {
  const auto dashboard = hockeypuck_dashboard();
  // SHAKE256 of `hockeypuck-k8s-` and the path of the file, 20 bytes.
  EXPECT_EQ(charm::cos::grafana_dashboards().front().path,
            "src/cos/grafana_dashboards/hockeypuck.json");
  EXPECT_EQ(dashboard.at("uid"), "c43ecce9dd8535e92766fc065aa15e31fb068f25");
  EXPECT_EQ(dashboard.at("title"), "Hockeypuck metrics");
  EXPECT_EQ(dashboard.at("tags").at(0), "charm: hockeypuck-k8s");
  EXPECT_TRUE(dashboard.at("templating").at("list").is_array());
}

// Grafana's charm shows the highest version of a uid: an update without a new one may stay unseen.
TEST(Dashboard, HasANewVersionWithEveryChange) {
  const auto dashboard = hockeypuck_dashboard();
  ASSERT_TRUE(dashboard.at("version").is_number_integer());
  EXPECT_EQ(dashboard.at("version"), 2);
  EXPECT_EQ(charm::sha256(dashboard.dump()).substr(0, 16), "3be9adb0c7751ca4")
      << "after a change, raise the version in the dashboard and here, and take over the digest";
}

// The consumer puts its variables into panels with exactly these data sources, outside of closed
// rows.
TEST(Dashboard, AsksOnlyTheSourcesOfItsVariables) {
  const json prometheus = {{"type", "prometheus"}, {"uid", "${prometheusds}"}};
  const json loki = {{"type", "loki"}, {"uid", "${lokids}"}};
  for (const auto& panel : panels()) {
    if (panel.at("type") == "row") {
      EXPECT_EQ(panel.at("collapsed"), false) << panel.at("title");
      EXPECT_EQ(panel.at("panels"), json::array()) << panel.at("title");
      continue;
    }
    const auto& source = panel.at("datasource");
    EXPECT_TRUE(source == prometheus || source == loki) << panel.at("title");
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

// Each metric has a selector, and each selector all four variables.
TEST(Dashboard, BindsEverySelectorToTheVariables) {
  const std::regex metric(R"(\b((hockeypuck|conflux|process|go)_[a-z_]+|up)\b)");
  for (const auto& query : queries("prometheus")) {
    EXPECT_EQ(count(query, "{"), count(query, "{" + matchers)) << query;
    const std::ptrdiff_t metrics = std::distance(
        std::sregex_iterator(query.begin(), query.end(), metric), std::sregex_iterator());
    EXPECT_EQ(metrics, count(query, "{" + matchers)) << query;
  }
  EXPECT_GT(queries("prometheus").size(), 20U);
}

/// What is wrong with the borders of strings, regular expressions and brackets, or "".
std::string fault_in(const std::string& query) {
  std::string open;
  for (std::size_t at = 0; at < query.size(); ++at) {
    const char c = query[at];
    if (c == '"' || c == '`') {
      const auto end = query.find(c, at + 1);
      if (end == std::string::npos) {
        return "a string without an end";
      }
      at = end;
    } else if (c == '(' || c == '{' || c == '[') {
      open += c == '(' ? ')' : c == '{' ? '}' : ']';
    } else if (c == ')' || c == '}' || c == ']') {
      if (open.empty() || open.back() != c) {
        return std::string("an unexpected ") + c;
      }
      open.pop_back();
    }
  }
  return open.empty() ? "" : "no " + open;
}

// There is no Loki on a test machine. It refuses a query all of whose matchers may match nothing,
// as those of the variables do when "All" is chosen.
TEST(Dashboard, AsksLokiInItsSyntax) {
  const std::string selector = "{" + matchers + R"(,juju_charm="hockeypuck-k8s"})";
  const std::regex stream(R"(\{\} \|~ `([^`]*)` \[\$__interval\])");
  const auto logs = queries("loki");
  ASSERT_EQ(logs.size(), 2U);
  for (std::string query : logs) {
    EXPECT_EQ(fault_in(query), "") << query;
    EXPECT_EQ(count(query, selector), 1) << query;
    query.replace(query.find(selector), selector.size(), "{}");
    const std::string metric_query = "sum by (juju_unit) (count_over_time(";
    std::smatch match;
    if (query == "{}") {
      continue;
    }
    ASSERT_TRUE(query.starts_with(metric_query)) << query;
    ASSERT_TRUE(std::regex_search(query, match, stream)) << query;
    const std::regex errors(match[1].str());
    EXPECT_TRUE(std::regex_search("time=\"2026-11-23T00:51:11Z\" level=error msg=\"x\"", errors));
    EXPECT_TRUE(std::regex_search("panic: runtime error: index out of range", errors));
    EXPECT_FALSE(std::regex_search(
        R"(time="2026-11-23T00:51:08Z" level=info GET="/?level=error panic: x")", errors));
  }
}

}  // namespace
