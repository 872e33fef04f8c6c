// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace grafana {

/// One dashboard as Grafana gets it.
struct Dashboard {
  int relation = 0;
  std::string id;     ///< Of its template: `file:hockeypuck`.
  std::string charm;  ///< Who made it.
  std::string uid;
  std::string title;
  int version = 0;
  nlohmann::json content;
};

/// What a relation brings, and what its other side must be told.
struct Reading {
  std::vector<Dashboard> dashboards;
  nlohmann::json errors = nlohmann::json::array();  ///< `{dashboard_id, error}` each.
};

/// Reads `dashboards` as the consumer of grafana_dashboard (v0.48) does. A template that is not
/// packed rightly drops all of the relation and is an error; one that is not JSON is left out
/// without a word. Throws where the consumer fails its hook.
[[nodiscard]] Reading read_dashboards(const charm::Relation& relation);

/// Leaves out what has no uid, and of each uid all but the highest version; of equal ones the
/// highest relation stays.
[[nodiscard]] std::vector<Dashboard> shown(const std::vector<Dashboard>& dashboards);

}  // namespace grafana
