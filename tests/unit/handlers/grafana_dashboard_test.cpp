// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/digest.hpp"
#include "cos.hpp"
#include "databags.hpp"
#include "registry.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/file_text.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>

namespace grafana_dashboard_test {

using charm::Facts;
using charm::Publication;
using nlohmann::json;

const charm::RelationHandler& grafana = charm::grafana_dashboard;

charm::Relation related(int id) {
  return {.id = id, .endpoint = "grafana-dashboard", .remote_app = "grafana"};
}

json published_dashboards(const charm::Snapshot& snapshot) {
  return json::parse(test::published(grafana, snapshot).at(0).data.at("dashboards"));
}

TEST(GrafanaDashboard, PublishesTheDashboardInTheEnvelopeThatGrafanaWasTriedWith) {
  const auto publications = test::published(grafana, test::with({related(7)}));
  ASSERT_EQ(publications.size(), 1U);
  EXPECT_EQ(publications[0].relation, 7);
  EXPECT_EQ(publications[0].scope, charm::Scope::app);
  EXPECT_EQ(publications[0].data.size(), 1U);

  auto ours = published_dashboards(test::with({related(7)}));
  auto tried = json::parse(
      test::sample_bag("grafana_dashboard_provider_recommended_stored_xz").at("dashboards"));
  EXPECT_EQ(ours.size(), tried.size());
  auto& dashboard = ours.at("templates").at("file:hockeypuck");
  auto& keyserver = tried.at("templates").at("file:keyserver");
  EXPECT_EQ(dashboard.at("dashboard_alt_uid"), "38cc426f45b62018");
  for (const auto* const differs : {"content", "dashboard_alt_uid"}) {
    dashboard.erase(differs);
    keyserver.erase(differs);
  }
  EXPECT_EQ(dashboard, keyserver);
}

TEST(GrafanaDashboard, PublishesContentThatXzUnpacksToTheFile) {
  const auto content = published_dashboards(test::with({related(7)}))
                           .at("templates")
                           .at("file:hockeypuck")
                           .at("content")
                           .get<std::string>();
  if (!test::find_on_path("xz")) {
    GTEST_SKIP() << "xz is not installed";
  }
  const auto unpacked =
      test::run({.arguments = {"sh", "-c", "base64 -d | xz -dc"}, .input = content});
  ASSERT_EQ(unpacked.status, 0) << unpacked.error;
  EXPECT_EQ(unpacked.output,
            test::file_text(SOURCE_DIR "/src/cos/grafana_dashboards/hockeypuck.json"));
}

TEST(GrafanaDashboard, ChangesTheUuidOnlyWithTheContent) {
  const auto uuid = [](const charm::Snapshot& snapshot) {
    return published_dashboards(snapshot).at("uuid").get<std::string>();
  };
  auto other = test::with({related(9)});
  EXPECT_EQ(uuid(test::with({related(7)})), uuid(other));
  other.unit.model = "other";
  EXPECT_NE(uuid(test::with({related(7)})), uuid(other));
  const std::regex version_8("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}");
  EXPECT_TRUE(std::regex_match(uuid(other), version_8)) << uuid(other);
}

TEST(GrafanaDashboard, PassesOnWhatGrafanaFoundWrong) {
  const Facts wrong{.warnings = {"relation 7 (grafana-dashboard), event: grafana reports: "
                                 "file:keyserver: Input format not supported by decoder"}};
  const auto answer = [](const std::string& name) {
    return test::with_sample("grafana-dashboard", "grafana", "grafana_dashboard_requirer_" + name);
  };
  EXPECT_EQ(test::learned(grafana, answer("lzma_error")), wrong);
  EXPECT_EQ(test::learned(grafana, answer("ok")), Facts{});
}

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

// Grafana's charm shows the highest version of a uid, so an update with the same version may not
// appear.
TEST(Dashboard, HasANewVersionWithEveryChange) {
  const auto dashboard = hockeypuck_dashboard();
  ASSERT_TRUE(dashboard.at("version").is_number_integer());
  EXPECT_EQ(dashboard.at("version"), 3);
  EXPECT_EQ(charm::sha256(dashboard.dump()).substr(0, 16), "d639752623bdd3f8")
      << "after a change, raise the version in the dashboard and here, and take over the digest";
}

// The consumer adds its variables to panels with exactly these data sources, outside of closed
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

// The options of these panels in @grafana/schema 12.0.2.
TEST(Dashboard, HasTheOptionsThatGrafanaRequires) {
  std::set<std::string> types;
  for (const auto& panel : panels()) {
    const std::string type = panel.at("type");
    types.insert(type);
    if (type == "timeseries") {
      EXPECT_TRUE(panel.at("options").at("legend").at("calcs").is_array()) << panel.at("title");
    } else if (type == "heatmap") {
      const auto& options = panel.at("options");
      for (const auto* const required : {"exponent", "fill", "reverse", "scheme", "steps"}) {
        EXPECT_TRUE(options.at("color").contains(required)) << required;
      }
      EXPECT_EQ(options.at("tooltip").at("mode"), "single");
      EXPECT_FALSE(options.at("tooltip").contains("show"));
    }
  }
  EXPECT_EQ(types, (std::set<std::string>{"row", "stat", "timeseries", "heatmap", "logs"}));
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

/// The fault in the quotes, regular expressions or brackets, or "".
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

// A test machine has no Loki. Loki rejects a query all of whose matchers can match an empty value.
// The variables' matchers can if "All" is chosen.
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

}  // namespace grafana_dashboard_test
