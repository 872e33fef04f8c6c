// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/juju/command_runner.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace prometheus {

/// The checks that the original has made by cos-tool and promtool.
class Promtool {
 public:
  explicit Promtool(charm::juju::CommandRunner& runner) : runner_(&runner) {}

  /// Returns what is wrong with a file of rules, in cos-tool's form, or "".
  [[nodiscard]] std::string error_in_rules(const nlohmann::json& rules) const;
  /// Returns what is wrong with scrape configurations, or "".
  [[nodiscard]] std::string error_in_jobs(const std::vector<nlohmann::json>& jobs) const;
  /// Returns what is wrong with the files of configuration(), or "".
  [[nodiscard]] std::string error_in(const std::map<std::string, std::string>& files) const;

 private:
  charm::juju::CommandRunner* runner_;
};

}  // namespace prometheus
