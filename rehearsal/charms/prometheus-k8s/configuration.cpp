// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "configuration.hpp"

#include "charm/json/json_text.hpp"

namespace prometheus {

using nlohmann::json;

std::map<std::string, std::string> configuration(const Intervals& intervals, std::vector<json> jobs,
                                                 const std::vector<RuleFile>& rules) {
  const json own_target = {{"targets", json::array({"localhost:9090"})}};
  json scraped = json::array({{{"job_name", "prometheus"},
                               {"scrape_interval", "5s"},
                               {"static_configs", json::array({own_target})}}});
  for (json& job : jobs) {
    job["honor_labels"] = true;
    scraped.push_back(std::move(job));
  }
  const json prometheus = {
      {"global",
       {{"scrape_interval", intervals.scrape}, {"evaluation_interval", intervals.evaluation}}},
      {"rule_files", json::array({"rules/juju_*.rules"})},
      {"scrape_configs", std::move(scraped)}};
  std::map<std::string, std::string> files = {{"prometheus.yml", charm::json_text(prometheus)}};
  for (const RuleFile& file : rules) {
    files["rules/juju_" + file.name + ".rules"] = charm::json_text(file.content);
  }
  return files;
}

}  // namespace prometheus
