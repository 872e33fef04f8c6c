// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/handlers/grafana_dashboard.hpp"

#include "cos_files.hpp"
#include "databag_json.hpp"
#include "digest.hpp"
#include "provider_event.hpp"
#include "topology.hpp"

#include <nlohmann/json.hpp>

namespace charm {

namespace {

constexpr std::size_t alt_uid_size = 8;

/// Returns `dashboards` of grafana_dashboard 0.49. Grafana's charm reads `content` only as xz, and
/// asks no more of `uuid` than to change with the dashboards.
nlohmann::json dashboards(const Unit& unit) {
  auto templates = nlohmann::json::object();
  for (const auto& file : cos::grafana_dashboards()) {
    const auto id = "file:" + std::string(file.stem);
    templates[id] = {{"charm", cos::charm_name},
                     {"content", file.content},
                     {"juju_topology", cos::topology(unit)},
                     {"inject_dropdowns", true},
                     {"dashboard_alt_uid",
                      cos::shake256_hex(std::string(cos::charm_name) + "-" + id, alt_uid_size)}};
  }
  const auto uuid = cos::content_uuid(databag::dump_json(templates));
  return {{"templates", std::move(templates)}, {"uuid", uuid}};
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
