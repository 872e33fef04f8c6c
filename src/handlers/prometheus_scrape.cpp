// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/address.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "cos.hpp"
#include "databag_text.hpp"
#include "registry.hpp"

#include <nlohmann/json.hpp>

namespace charm {

namespace {

constexpr std::string_view prometheus_scrape_endpoint = "metrics-endpoint";

/// One job; `*` means every unit. Its name is part of the identity of the series: never change it.
nlohmann::json scrape_jobs() {
  const auto target = "*:" + std::to_string(hockeypuck::metrics_port);
  const nlohmann::json targets = {{"targets", nlohmann::json::array({target})}};
  const nlohmann::json job = {{"job_name", "hockeypuck"},
                              {"metrics_path", "/metrics"},
                              {"static_configs", nlohmann::json::array({targets})}};
  return nlohmann::json::array({job});
}

/// Prometheus' charm appends `:<port>` to the address without a change, so IPv6 needs its brackets
/// here.
std::string scrape_address(const Unit& unit) {
  if (unit.address.empty()) {
    return unit.fqdn;
  }
  return is_ipv6(unit.address) ? "[" + unit.address + "]" : unit.address;
}

Databag scrape_jobs_and_rules(const Unit& unit) {
  return {{"scrape_jobs", databag::dump_json(scrape_jobs())},
          {"scrape_metadata", databag::dump_json(cos::topology_metadata(unit))},
          {"alert_rules", cos::alert_rules(cos::prometheus_alert_rules(), unit)}};
}

Databag scraped_unit(const Unit& unit) {
  Databag data = {{"prometheus_scrape_unit_name", unit.name}};
  if (auto address = scrape_address(unit); !address.empty()) {
    data["prometheus_scrape_unit_address"] = std::move(address);
  }
  if (!unit.fqdn.empty()) {
    data["prometheus_scrape_unit_fqdn"] = unit.fqdn;
  }
  return data;
}

// Prometheus' answer to our publication is for the log only: once, in the hook of that event.
WantedBags wants_of_prometheus_scrape(const Occasion& occasion) {
  return {.remote_app = occasion.own_event, .local_unit = true, .local_app = true};
}

void learn_prometheus_scrape(const Snapshot& snapshot, const Settings& /*settings*/, Facts& facts) {
  for (const Relation* relation : snapshot.on(prometheus_scrape_endpoint)) {
    cos::learn_event_errors(*relation, facts);
  }
}

void publish_prometheus_scrape(const Snapshot& snapshot, const Settings& /*settings*/,
                               const Facts& /*facts*/, Plan& plan) {
  const Unit& unit = snapshot.unit;
  for (const Relation* relation : snapshot.on(prometheus_scrape_endpoint)) {
    if (unit.leader) {
      plan.publications.push_back(
          {.relation = relation->id, .scope = Scope::app, .data = scrape_jobs_and_rules(unit)});
    }
    plan.publications.push_back(
        {.relation = relation->id, .scope = Scope::unit, .data = scraped_unit(unit)});
  }
}

}  // namespace

/// The provider of `prometheus_scrape`: scrape targets and alert rules. Learns the errors that
/// Prometheus found in them, as warnings.
constexpr RelationHandler prometheus_scrape{.endpoint = prometheus_scrape_endpoint,
                                            .wants = wants_of_prometheus_scrape,
                                            .learn = learn_prometheus_scrape,
                                            .publish = publish_prometheus_scrape};

}  // namespace charm
