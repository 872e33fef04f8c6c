// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rule_file.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace prometheus {

/// Durations as Prometheus writes them (`1m`).
struct Intervals {
  std::string scrape = "1m";
  std::string evaluation = "1m";
};

/// All of Prometheus' files, by path below its configuration folder: prometheus.yml, the original's
/// own job included, and a rule file for each relation.
[[nodiscard]] std::map<std::string, std::string> configuration(const Intervals& intervals,
                                                               std::vector<nlohmann::json> jobs,
                                                               const std::vector<RuleFile>& rules);

}  // namespace prometheus
