// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "topology.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace prometheus {

/// Where one unit is scraped.
struct Host {
  std::string unit;
  std::string address;
  std::string path;  ///< Put before the path of the metrics.
  std::string fqdn;
};

/// Takes jobs apart into one for each unit: for its part of a target `*:<port>`, and for targets
/// that name its address or host name. Other targets stay together, without a unit.
class TargetExpansion {
 public:
  TargetExpansion(const Topology& topology, std::vector<Host> hosts)
      : topology_(&topology), hosts_(std::move(hosts)) {}

  /// `job` has a name and targets.
  void add(const nlohmann::json& job);

  [[nodiscard]] std::vector<nlohmann::json> take() { return std::move(jobs_); }

 private:
  [[nodiscard]] const Host* owner(const std::string& target) const;
  [[nodiscard]] nlohmann::json targets_of(const nlohmann::json& config, const Host* host) const;
  void add_for(const nlohmann::json& job, const nlohmann::json& config,
               const nlohmann::json& targets, const Host& host);

  const Topology* topology_;
  std::vector<Host> hosts_;
  std::vector<nlohmann::json> jobs_;
};

}  // namespace prometheus
