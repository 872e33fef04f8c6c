// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/child_process.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/file_text.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using nlohmann::json;

constexpr std::int64_t begin = 1'795'395'600;  // Shortly after the recording.
constexpr int minutes = 60;
constexpr std::int64_t end = begin + 60L * minutes;

const std::string topology =
    R"(juju_model="keyserver",juju_model_uuid="5b1c2a9e-3f47-4d0a-9c53-1e8f2b6d7a10",)"
    R"(juju_application="hockeypuck-k8s",juju_unit="hockeypuck-k8s/0",juju_charm="hockeypuck-k8s")";

struct Sample {
  std::string series;  ///< Name and labels.
  double value = 0;
  bool grows = false;
};

std::string labelled(const std::string& series) {
  const auto brace = series.find('{');
  return brace == std::string::npos
             ? series + "{" + topology + "}"
             : series.substr(0, brace + 1) + topology + "," + series.substr(brace + 1);
}

bool is_counter(const std::string& series, const std::set<std::string>& counters) {
  std::string name = series.substr(0, series.find('{'));
  for (const std::string suffix : {"_bucket", "_count", "_sum"}) {
    if (counters.count(name) == 0 && name.ends_with(suffix)) {
      name.resize(name.size() - suffix.size());
    }
  }
  return counters.count(name) != 0;
}

/// The recorded keyserver had no faults, so two things are not in the recording: an answer 500, and
/// a busy peer.
std::vector<Sample> missing() {
  return {{R"(hockeypuck_http_request_duration_seconds_count{method="GET",status_code="500"})", 3,
           true},
          {R"(conflux_reconciliation_busy_peer{peer="127.0.0.1"})", 1, true},
          {"up", 1}};
}

std::vector<Sample> recording() {
  std::ifstream file(TEST_DATA_DIR "/hockeypuck/metrics.txt");
  std::set<std::string> counters;
  std::vector<Sample> samples = missing();
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::array<std::string, 4> word;
    words >> word[0] >> word[1] >> word[2] >> word[3];
    if (word[1] == "TYPE" && word[3] != "gauge") {
      counters.insert(word[2]);
    } else if (word[0] != "#" && !word[0].empty()) {
      const auto space = line.rfind(' ');
      const std::string series = line.substr(0, space);
      samples.push_back({series, std::stod(line.substr(space)), is_counter(series, counters)});
    }
  }
  return samples;
}

/// A real Prometheus on the loopback address that has scraped one keyserver for an hour. Each
/// counter of a recorded scrape of Hockeypuck 2.3.3 grew by one a minute. Prometheus' charm gives
/// the same labels to the series of unit `hockeypuck-k8s/0` of the model `keyserver`.
class RecordedPrometheus {
 public:
  /// Throws std::runtime_error if it does not start.
  RecordedPrometheus();

  /// Evaluates a query at the end of the hour. Returns the whole answer of /api/v1/query.
  [[nodiscard]] json query(const std::string& expression) const;

 private:
  void fill() const;
  void wait_until_ready() const;

  test::TemporaryDirectory directory_{"prometheus"};
  std::uint16_t port_;
  std::unique_ptr<test::ChildProcess> server_;
};

RecordedPrometheus::RecordedPrometheus() : port_(test::free_port()) {
  fill();
  std::ofstream(directory_.path() / "prometheus.yml") << "global: {}\n";
  server_ = std::make_unique<test::ChildProcess>(
      test::Command{
          .arguments = {"prometheus",
                        "--config.file=" + (directory_.path() / "prometheus.yml").string(),
                        "--storage.tsdb.path=" + (directory_.path() / "data").string(),
                        "--storage.tsdb.retention.time=10y",
                        "--web.listen-address=127.0.0.1:" + std::to_string(port_)}},
      directory_.path() / "log");
  wait_until_ready();
}

void RecordedPrometheus::fill() const {
  const auto path = directory_.path() / "samples";
  std::ofstream file(path);
  file.precision(17);
  const std::vector<Sample> samples = recording();
  for (int minute = 0; minute <= minutes; ++minute) {
    for (const Sample& sample : samples) {
      file << labelled(sample.series) << " " << sample.value + (sample.grows ? minute : 0) << " "
           << begin + 60L * minute << "\n";
    }
  }
  file << "# EOF\n";
  file.close();
  const auto made = test::run({.arguments = {"promtool", "tsdb", "create-blocks-from",
                                             "openmetrics", path, directory_.path() / "data"}});
  if (made.status != 0) {
    throw std::runtime_error("promtool: " + made.error);
  }
}

void RecordedPrometheus::wait_until_ready() const {
  httplib::Client client("127.0.0.1", port_);
  const auto is_ready = [&client] {
    const auto answer = client.Get("/-/ready");
    return answer && answer->status == 200;
  };
  if (!test::eventually(is_ready)) {
    throw std::runtime_error("Prometheus does not get ready");
  }
}

json RecordedPrometheus::query(const std::string& expression) const {
  httplib::Client client("127.0.0.1", port_);
  const auto answer = client.Post(
      "/api/v1/query", httplib::Params{{"query", expression}, {"time", std::to_string(end)}});
  return json::parse(answer ? answer->body : R"({"error": "no answer"})");
}

/// Replaces the variables as Grafana does before a query.
std::string filled_in(std::string expression, const std::string& application) {
  // Longer names come first, because they begin with shorter ones.
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
    if (test::find_on_path("prometheus")) {
      prometheus = std::make_unique<RecordedPrometheus>();
    }
  }

  static void TearDownTestSuite() { prometheus.reset(); }

  void SetUp() override {
    if (!prometheus) {
      GTEST_SKIP() << "prometheus is not installed";
    }
  }

  /// The values that a query returns.
  static std::vector<double> values(const std::string& expression) {
    const json answer = prometheus->query(expression);
    EXPECT_EQ(answer.at("status"), "success") << expression << "\n" << answer;
    std::vector<double> found;
    for (const json& series : answer.value("/data/result"_json_pointer, json::array())) {
      found.push_back(std::stod(series.at("value").at(1).get<std::string>()));
    }
    return found;
  }

  static std::unique_ptr<RecordedPrometheus> prometheus;
};

std::unique_ptr<RecordedPrometheus> DashboardQueries::prometheus;

// One server for all queries: a query takes milliseconds, the start of a server seconds.
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
