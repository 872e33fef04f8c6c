// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace prometheus {

/// Returns the scrape configurations of one relation, derived like those of the consumer of
/// prometheus_scrape (v0.61). There is one job for each unit that a `*` matches. Its labels are the
/// topology, `instance` is made from it, and unknown keys are dropped. Empty without a unit or a
/// job. Throws if the consumer fails its hook.
[[nodiscard]] std::vector<nlohmann::json> scrape_jobs(const charm::Relation& relation);

/// Drops equal jobs and gives others of the same name different names. Throws for a job without a
/// name.
[[nodiscard]] std::vector<nlohmann::json> with_unique_names(std::vector<nlohmann::json> jobs);

/// The rules of one relation, as one Prometheus file.
struct RuleFile {
  std::string name;  ///< `<topology identifier>_<endpoint>_<relation id>`
  nlohmann::json content;
};

/// Reads `alert_rules` as the consumer of prometheus_scrape (v0.61) does without cos-tool:
/// `%%juju_topology%%` is removed and no matcher is added. Returns nothing without a unit, a rule
/// or a name for the file. Throws if the consumer fails its hook. Does not check that the rules are
/// PromQL.
[[nodiscard]] std::optional<RuleFile> rule_file(const charm::Relation& relation);

}  // namespace prometheus
