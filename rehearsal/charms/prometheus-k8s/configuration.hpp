// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/juju/command_runner.hpp"
#include "prometheus_scrape.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace prometheus {

/// Durations in Prometheus' form (`1m`).
struct Intervals {
  std::string scrape = "1m";
  std::string evaluation = "1m";
};

/// Returns all of Prometheus' files, by path below its configuration folder: prometheus.yml with
/// the original's own job, and a rule file for each relation.
[[nodiscard]] std::map<std::string, std::string> configuration(const Intervals& intervals,
                                                               std::vector<nlohmann::json> jobs,
                                                               const std::vector<RuleFile>& rules);

/// The checks that the original runs with cos-tool and promtool.
class Promtool {
 public:
  explicit Promtool(charm::juju::CommandRunner& runner) : runner_(&runner) {}

  /// Returns the errors in a file of rules, in cos-tool's form, or "".
  [[nodiscard]] std::string error_in_rules(const nlohmann::json& rules) const;
  /// Returns the errors in scrape configurations, or "".
  [[nodiscard]] std::string error_in_jobs(const std::vector<nlohmann::json>& jobs) const;
  /// Returns the errors in the files of configuration(), or "".
  [[nodiscard]] std::string error_in(const std::map<std::string, std::string>& files) const;

 private:
  charm::juju::CommandRunner* runner_;
};

}  // namespace prometheus
