// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/address.hpp"
#include "charm/domain/statuses.hpp"
#include "charm/domain/text.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/json/json_text.hpp"
#include "databag_text.hpp"
#include "registry.hpp"

#include <nlohmann/json.hpp>

namespace charm {

namespace {

constexpr std::string_view ingress_endpoint = "ingress";

constexpr std::string_view ingress_key = "ingress";

/// Returns the text of the provider's URL; empty while there is none. A provider without an address
/// omits the key or writes `null` or `{}`.
std::string published_url(const Relation& relation, Facts& facts) {
  const auto text = databag::value_of(relation.remote_app_data, ingress_key);
  if (text.empty()) {
    return {};
  }
  const auto answer = parse_json(text);
  if (!answer || !(answer->is_object() || answer->is_null())) {
    facts.warnings.push_back(databag::warning(relation, ingress_key, "not a JSON object"));
    return {};
  }
  const auto url = answer->is_object() ? answer->find("url") : answer->end();
  if (url == answer->end() || url->is_null()) {
    return {};
  }
  if (!url->is_string()) {
    facts.warnings.push_back(databag::warning(relation, ingress_key, "url is not a text"));
    return {};
  }
  return url->get<std::string>();
}

std::optional<Url> learn_url(const Relation& relation, Facts& facts) {
  const auto text = published_url(relation, facts);
  if (text.empty()) {
    return std::nullopt;
  }
  auto url = parse_url(trimmed(text));
  if (!url) {
    facts.warnings.push_back(
        databag::warning(relation, ingress_key, "url is not an http or https URL"));
  }
  return url;
}

/// HKP has no place for a path: clients ask for `/pks` at the root of the host. traefik-route
/// forwards these requests, whatever `ingress` does.
void advise_on_path(const Snapshot& snapshot, Facts& facts) {
  const auto& url = facts.external_url;
  if (!url || url->path.empty() || !snapshot.on("traefik-route").empty()) {
    return;
  }
  facts.statuses.push_back(statuses::path_without_hkp(databag::printable(url->path, 80)));
}

/// Every value is JSON, including texts. `port` must be a number.
Databag requested_ingress(const Unit& unit, const Facts& facts) {
  Databag data = {{"model", databag::dump_json(unit.model)},
                  {"name", databag::dump_json(unit.app)},
                  {"port", databag::dump_json(hockeypuck::hkp_port)},
                  // Hockeypuck does not know the path `/<model>-<app>` that Traefik and nginx add
                  // by default.
                  {"strip-prefix", "true"},
                  {"is_port_open", "true"}};
  if (const auto check = databag::hkp_health_check(facts.peer_units); !check.is_null()) {
    data["healthcheck_params"] = databag::dump_json(check);
  }
  return data;
}

/// If a unit has no `host`, Traefik gives the whole application no URL. The key is therefore
/// present from the first hook on. nginx needs `ip`, which changes with each pod.
Databag unit_address(const Unit& unit) {
  Databag data;
  if (!unit.fqdn.empty()) {
    data["host"] = databag::dump_json(unit.fqdn);
  }
  if (!unit.address.empty()) {
    data["ip"] = databag::dump_json(unit.address);
  }
  return data;
}

WantedBags wants_of_ingress(const Occasion& /*occasion*/) {
  return {.remote_app = true, .local_unit = true, .local_app = true};
}

void learn_ingress(const Snapshot& snapshot, const Settings& /*settings*/, Facts& facts) {
  for (const Relation* relation : snapshot.on(ingress_endpoint)) {
    const auto url = learn_url(*relation, facts);
    if (!facts.external_url) {
      facts.external_url = url;
    }
  }
  advise_on_path(snapshot, facts);
}

void publish_ingress(const Snapshot& snapshot, const Settings& /*settings*/, const Facts& facts,
                     Plan& plan) {
  const Unit& unit = snapshot.unit;
  for (const Relation* relation : snapshot.on(ingress_endpoint)) {
    if (unit.leader) {
      plan.publications.push_back(
          {.relation = relation->id, .scope = Scope::app, .data = requested_ingress(unit, facts)});
    }
    plan.publications.push_back(
        {.relation = relation->id, .scope = Scope::unit, .data = unit_address(unit)});
  }
}

}  // namespace

/// The requirer of `ingress` version 2 (Traefik, nginx): HTTP access to the HKP port through a
/// proxy. Learns the URL at which the proxy serves this application.
constexpr RelationHandler ingress{.endpoint = ingress_endpoint,
                                  .wants = wants_of_ingress,
                                  .learn = learn_ingress,
                                  .publish = publish_ingress};

}  // namespace charm
