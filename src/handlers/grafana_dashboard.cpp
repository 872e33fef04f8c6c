// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/handlers/grafana_dashboard.hpp"

#include "charm/domain/digest.hpp"
#include "cos_files.hpp"
#include "databag_json.hpp"
#include "provider_event.hpp"
#include "topology.hpp"

#include <nlohmann/json.hpp>

namespace charm {

namespace {

/// A UUID of version 8 (RFC 9562) that depends on the text alone.
std::string content_uuid(std::string_view text) {
  std::string uuid = sha256(text).substr(0, 32);
  uuid[12] = '8';  // Version: the maker of the UUID chose its content.
  uuid[16] = 'a';  // Variant of RFC 9562.
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) {
    uuid.insert(dash, 1, '-');
  }
  return uuid;
}

/// Returns `dashboards` of grafana_dashboard 0.49. Grafana's charm reads `content` only as xz, and
/// asks no more of `uuid` than to change with the dashboards.
nlohmann::json dashboards(const Unit& unit) {
  const nlohmann::json topology = cos::topology(unit);
  auto templates = nlohmann::json::object();
  std::string contents = databag::dump_json(topology);
  for (const auto& file : cos::grafana_dashboards()) {
    templates["file:" + std::string(file.stem)] = {{"charm", cos::charm_name},
                                                   {"content", file.content},
                                                   {"juju_topology", topology},
                                                   {"inject_dropdowns", true},
                                                   {"dashboard_alt_uid", file.alt_uid}};
    contents.append(file.stem).append(file.digest);
  }
  return {{"templates", std::move(templates)}, {"uuid", content_uuid(contents)}};
}

}  // namespace

std::string_view GrafanaDashboard::endpoint() const noexcept {
  return "grafana-dashboard";
}

// What Grafana thinks of our publication is for the log only: once, when Juju tells of it.
WantedBags GrafanaDashboard::wants(const Occasion& occasion) const {
  return {.remote_app = occasion.own_event,
          .remote_units = false,
          .local_unit = false,
          .local_app = true};
}

void GrafanaDashboard::learn(const Snapshot& snapshot, const Settings& /*settings*/,
                             Facts& facts) const {
  for (const Relation* relation : snapshot.on(endpoint())) {
    databag::learn_event_errors(*relation, facts);
  }
}

void GrafanaDashboard::publish(const Snapshot& snapshot, const Settings& /*settings*/,
                               const Facts& /*facts*/, Plan& plan) const {
  const auto relations = snapshot.on(endpoint());
  if (!snapshot.unit.leader || relations.empty()) {
    return;
  }
  const Databag data = {{"dashboards", databag::dump_json(dashboards(snapshot.unit))}};
  for (const Relation* relation : relations) {
    plan.publications.push_back({.relation = relation->id, .scope = Scope::app, .data = data});
  }
}

}  // namespace charm
