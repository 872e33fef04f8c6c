// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace prometheus {

/// The scrape configurations of one relation, worked out as the consumer of prometheus_scrape
/// (v0.61) does: one job for each unit that a `*` stands for, the topology as labels, `instance`
/// made of it, unknown keys dropped. Empty while no unit or no job is there. Throws where the
/// consumer fails its hook.
[[nodiscard]] std::vector<nlohmann::json> scrape_jobs(const charm::Relation& relation);

/// Drops equal jobs and tells others of the same name apart. Throws for a job without a name.
[[nodiscard]] std::vector<nlohmann::json> with_unique_names(std::vector<nlohmann::json> jobs);

/// The rules of one relation, as one file of Prometheus.
struct RuleFile {
  std::string name;  ///< `<topology identifier>_<endpoint>_<relation id>`
  nlohmann::json content;
};

/// Reads `alert_rules` as the consumer of prometheus_scrape (v0.61) does where cos-tool is not
/// there: `%%juju_topology%%` is taken out and no matcher put in. Nothing while no unit, no rule or
/// no name for the file is there. Throws where the consumer fails its hook. Whether the rules are
/// PromQL is not checked here.
[[nodiscard]] std::optional<RuleFile> rule_file(const charm::Relation& relation);

}  // namespace prometheus
