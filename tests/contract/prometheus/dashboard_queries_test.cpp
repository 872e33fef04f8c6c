// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/prometheus/recorded_prometheus.hpp"
#include "tests/support/file_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

namespace {

using nlohmann::json;

/// As Grafana fills in its variables before it asks.
std::string filled_in(std::string expression, const std::string& application) {
  // Longer names first: they begin with shorter ones.
  const std::vector<std::pair<std::string, std::string>> variables = {
      {"$juju_model_uuid", "5b1c2a9e-3f47-4d0a-9c53-1e8f2b6d7a10"},
      {"$juju_model", "keyserver"},
      {"$juju_application", application},
      {"$juju_unit", ".*"},
      {"$__rate_interval", "5m"},
      {"$__interval", "1m"}};
  for (const auto& [name, value] : variables) {
    for (auto at = expression.find(name); at != std::string::npos; at = expression.find(name)) {
      expression.replace(at, name.size(), value);
    }
  }
  return expression;
}

/// Every query of the dashboard to Prometheus, by `<panel>, <reference>`.
std::map<std::string, std::string> queries() {
  std::map<std::string, std::string> found;
  const json dashboard =
      json::parse(test::file_text(SOURCE_DIR "/src/cos/grafana_dashboards/hockeypuck.json"));
  for (const json& panel : dashboard.at("panels")) {
    for (const json& target : panel.value("targets", json::array())) {
      if (target.at("datasource").at("type") == "prometheus") {
        found[panel.at("title").get<std::string>() + ", " + target.at("refId").get<std::string>()] =
            target.at("expr");
      }
    }
  }
  return found;
}

class DashboardQueries : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (test::run({.arguments = {"sh", "-c", "command -v prometheus"}}).status == 0) {
      prometheus = std::make_unique<test::RecordedPrometheus>();
    }
  }

  static void TearDownTestSuite() { prometheus.reset(); }

  void SetUp() override {
    if (!prometheus) {
      GTEST_SKIP() << "prometheus is not installed";
    }
  }

  /// The values that a query finds.
  static std::vector<double> values(const std::string& expression) {
    const json answer = prometheus->query(expression);
    EXPECT_EQ(answer.at("status"), "success") << expression << "\n" << answer;
    std::vector<double> found;
    for (const json& series : answer.value("/data/result"_json_pointer, json::array())) {
      found.push_back(std::stod(series.at("value").at(1).get<std::string>()));
    }
    return found;
  }

  static std::unique_ptr<test::RecordedPrometheus> prometheus;
};

std::unique_ptr<test::RecordedPrometheus> DashboardQueries::prometheus;

// One server for all: a query is milliseconds, the server is seconds.
TEST_F(DashboardQueries, FindSomethingOtherThanZero) {
  const auto all = queries();
  EXPECT_GT(all.size(), 20U);
  for (const auto& [place, expression] : all) {
    const auto found = values(filled_in(expression, "hockeypuck-k8s"));
    EXPECT_FALSE(found.empty()) << place << ": " << expression;
    EXPECT_TRUE(std::all_of(found.begin(), found.end(), [](double value) {
      return std::isfinite(value);
    })) << place;
    EXPECT_TRUE(std::any_of(found.begin(), found.end(), [](double value) { return value != 0; }))
        << place << ": " << expression;
  }
}

TEST_F(DashboardQueries, FindNothingOfAnotherApplication) {
  for (const auto& [place, expression] : queries()) {
    EXPECT_EQ(values(filled_in(expression, "other")), std::vector<double>{}) << place;
  }
}

TEST_F(DashboardQueries, TellThePeersApart) {
  const auto all = queries();
  const json answer =
      prometheus->query(filled_in(all.at("Keys recovered by peer, A"), "hockeypuck-k8s"));
  EXPECT_EQ(answer.at("/data/result/0/metric"_json_pointer), json({{"peer", "127.0.0.1"}}));
}

}  // namespace
