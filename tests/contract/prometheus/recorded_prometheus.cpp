// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/prometheus/recorded_prometheus.hpp"

#include "tests/support/free_port.hpp"

#include <httplib.h>

#include <array>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

namespace test {
namespace {

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

/// The recorded keyserver was well, so two things are not in the recording: an answer 500, and a
/// peer that was busy.
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

}  // namespace

RecordedPrometheus::RecordedPrometheus() : port_(free_port()) {
  fill();
  std::ofstream(directory_.path() / "prometheus.yml") << "global: {}\n";
  server_ = std::make_unique<ChildProcess>(
      Command{.arguments = {"prometheus",
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
  const auto made = run({.arguments = {"promtool", "tsdb", "create-blocks-from", "openmetrics",
                                       path, directory_.path() / "data"}});
  if (made.status != 0) {
    throw std::runtime_error("promtool: " + made.error);
  }
}

void RecordedPrometheus::wait_until_ready() const {
  for (int attempt = 0; attempt < 200; ++attempt) {
    httplib::Client client("127.0.0.1", port_);
    const auto answer = client.Get("/-/ready");
    if (answer && answer->status == 200) {
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  throw std::runtime_error("Prometheus does not get ready");
}

nlohmann::json RecordedPrometheus::query(const std::string& expression) const {
  httplib::Client client("127.0.0.1", port_);
  const auto answer = client.Post(
      "/api/v1/query", httplib::Params{{"query", expression}, {"time", std::to_string(end)}});
  return nlohmann::json::parse(answer ? answer->body : R"({"error": "no answer"})");
}

}  // namespace test
