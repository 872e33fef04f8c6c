// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/handlers/loki_push_api.hpp"

#include "alert_rules.hpp"
#include "cos_files.hpp"
#include "databag_json.hpp"
#include "provider_event.hpp"
#include "remote_text.hpp"
#include "topology.hpp"
#include "unit_order.hpp"
#include "url.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace charm {

namespace {

constexpr std::string_view key = "endpoint";

/// Returns the push URL that one Loki unit published as `{"url": …}`; empty while there is none.
/// One bad unit does not cost the others their logs.
std::string push_url(const Relation& relation, const std::string& unit, const Databag& bag,
                     Facts& facts) {
  const auto text = databag::value_of(bag, key);
  if (text.empty()) {
    return {};
  }
  const auto answer = databag::parse_json(text);
  if (answer && answer->is_object() && answer->contains("url") && answer->at("url").is_string()) {
    std::string url(databag::trimmed(answer->at("url").get_ref<const std::string&>()));
    if (databag::parse_url(url)) {
      return url;
    }
  }
  facts.warnings.push_back(
      databag::warning(relation, key,
                       "of " + databag::printable(unit) +
                           " is not a JSON object with an http or https url, left out"));
  return {};
}

/// Units behind one coordinator publish the same URL: each line is to be sent once.
void add_once(LokiEndpoint endpoint, std::vector<LokiEndpoint>& endpoints) {
  const bool known =
      std::any_of(endpoints.begin(), endpoints.end(), [&](const LokiEndpoint& other) {
        return other.url == endpoint.url || other.unit == endpoint.unit;
      });
  if (!known) {
    endpoints.push_back(std::move(endpoint));
  }
}

}  // namespace

std::string_view LokiPushApi::endpoint() const noexcept {
  return "logging";
}

WantedBags LokiPushApi::wants() const noexcept {
  return {.remote_app = true,
          .remote_units = true,
          .remote_unit_bags = true,
          .local_unit = false,
          .local_app = true};
}

void LokiPushApi::learn(const Snapshot& snapshot, const Settings& /*settings*/,
                        Facts& facts) const {
  std::vector<LokiEndpoint> found;
  for (const Relation* relation : snapshot.on(endpoint())) {
    for (const auto& [unit, bag] : relation->remote_units) {
      if (auto url = push_url(*relation, unit, bag, facts); !url.empty()) {
        found.push_back({.unit = unit, .url = std::move(url)});
      }
    }
    databag::learn_event_errors(*relation, facts);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& left, const auto& right) {
    return databag::precedes(left.unit, right.unit);
  });
  for (auto& endpoint : found) {
    add_once(std::move(endpoint), facts.loki);
  }
}

// The rules do not wait for endpoints: what Loki evaluates does not depend on where we push.
void LokiPushApi::publish(const Snapshot& snapshot, const Settings& /*settings*/,
                          const Facts& /*facts*/, Plan& plan) const {
  const auto relations = snapshot.on(endpoint());
  if (!snapshot.unit.leader || relations.empty()) {
    return;
  }
  const Databag data = {
      {"alert_rules", databag::dump_json(cos::alert_rules(cos::loki_alert_rules(), snapshot.unit))},
      {"metadata", databag::dump_json(cos::topology_metadata(snapshot.unit))}};
  for (const Relation* relation : relations) {
    plan.publications.push_back({.relation = relation->id, .scope = Scope::app, .data = data});
  }
}

}  // namespace charm
