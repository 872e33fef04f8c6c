// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace grafana {

/// One dashboard in the form that Grafana gets.
struct Dashboard {
  int relation = 0;
  std::string id;     ///< ID of its template: `file:hockeypuck`.
  std::string charm;  ///< The charm that made it.
  std::string uid;
  std::string title;
  int version = 0;
  nlohmann::json content;
};

/// The dashboards of a relation, and the errors to report to its other side.
struct Reading {
  std::vector<Dashboard> dashboards;
  nlohmann::json errors = nlohmann::json::array();  ///< Each is `{dashboard_id, error}`.
};

/// Reads `dashboards` as the consumer of grafana_dashboard (v0.48) does. A wrongly packed template
/// drops all of the relation and is an error. A template that is not JSON is silently left out.
/// Throws if the consumer fails its hook.
[[nodiscard]] Reading read_dashboards(const charm::Relation& relation);

/// Leaves out dashboards without a uid. For each uid, keeps only the highest version, and of equal
/// versions the one of the highest relation.
[[nodiscard]] std::vector<Dashboard> shown(const std::vector<Dashboard>& dashboards);

}  // namespace grafana
