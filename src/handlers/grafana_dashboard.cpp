// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/digest.hpp"
#include "cos.hpp"
#include "databag_text.hpp"
#include "registry.hpp"

#include <nlohmann/json.hpp>

namespace charm {

namespace {

constexpr std::string_view grafana_dashboard_endpoint = "grafana-dashboard";

/// Returns a UUID of version 8 (RFC 9562) that depends only on the text.
std::string content_uuid(std::string_view text) {
  std::string uuid = sha256(text).substr(0, 32);
  uuid[12] = '8';  // Version 8: the content is application-defined.
  uuid[16] = 'a';  // Variant of RFC 9562.
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) {
    uuid.insert(dash, 1, '-');
  }
  return uuid;
}

/// Returns `dashboards` of grafana_dashboard 0.49. Grafana's charm reads `content` only as xz. The
/// `uuid` must only change when the dashboards change.
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

// Grafana's answer to our publication is for the log only: once, in the hook of that event.
WantedBags wants_of_grafana_dashboard(const Occasion& occasion) {
  return {.remote_app = occasion.own_event, .local_app = true};
}

void learn_grafana_dashboard(const Snapshot& snapshot, const Settings& /*settings*/, Facts& facts) {
  for (const Relation* relation : snapshot.on(grafana_dashboard_endpoint)) {
    cos::learn_event_errors(*relation, facts);
  }
}

void publish_grafana_dashboard(const Snapshot& snapshot, const Settings& /*settings*/,
                               const Facts& /*facts*/, Plan& plan) {
  const auto relations = snapshot.on(grafana_dashboard_endpoint);
  if (!snapshot.unit.leader || relations.empty()) {
    return;
  }
  const Databag data = {{"dashboards", databag::dump_json(dashboards(snapshot.unit))}};
  for (const Relation* relation : relations) {
    plan.publications.push_back({.relation = relation->id, .scope = Scope::app, .data = data});
  }
}

}  // namespace

/// The provider of `grafana_dashboard`: the dashboards of `src/cos/grafana_dashboards`. Learns the
/// errors that Grafana found in them, as warnings.
constexpr RelationHandler grafana_dashboard{.endpoint = grafana_dashboard_endpoint,
                                            .wants = wants_of_grafana_dashboard,
                                            .learn = learn_grafana_dashboard,
                                            .publish = publish_grafana_dashboard};

}  // namespace charm
