// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/handlers/loki_push_api.hpp"

#include "alert_rules.hpp"
#include "charm/domain/text.hpp"
#include "cos_files.hpp"
#include "databag_json.hpp"
#include "log_targets.hpp"
#include "promtail.hpp"
#include "provider_event.hpp"
#include "remote_text.hpp"
#include "topology.hpp"
#include "unit_order.hpp"
#include "url.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace charm {

namespace {

constexpr std::string_view logging_endpoint = "logging";
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
    std::string url(trimmed(answer->at("url").get_ref<const std::string&>()));
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

std::string_view query_of(std::string_view url) {
  return url.substr(std::min(url.find('?'), url.size()));
}

/// However it is spelled.
bool same_place(const std::string& left, const std::string& right) {
  return databag::parse_url(left) == databag::parse_url(right) && query_of(left) == query_of(right);
}

/// Units behind one coordinator, and two relations to one Loki, tell the same URL: each line is to
/// be sent once. Units of the same name in two relations are different units.
void add_once(LokiEndpoint endpoint, std::vector<LokiEndpoint>& endpoints) {
  const bool known =
      std::any_of(endpoints.begin(), endpoints.end(),
                  [&](const LokiEndpoint& other) { return same_place(other.url, endpoint.url); });
  if (!known) {
    endpoints.push_back(std::move(endpoint));
  }
}

LoggingPlan logging(const Snapshot& snapshot, const Settings& settings, const Facts& facts) {
  LoggingPlan plan;
  if (!cos::wants_promtail(snapshot, settings)) {
    plan.targets = cos::log_targets(snapshot.unit, facts.loki);
  } else if (facts.promtail && !facts.loki.empty()) {
    plan.promtail = cos::plan_promtail(snapshot.unit, *facts.promtail, facts.loki);
  }
  return plan;
}

// The rules do not wait for endpoints: what Loki evaluates does not depend on where we push.
void publish_rules(const Snapshot& snapshot, Plan& plan) {
  const auto relations = snapshot.on(logging_endpoint);
  if (!snapshot.unit.leader || relations.empty()) {
    return;
  }
  const Databag data = {{"alert_rules", cos::alert_rules(cos::loki_alert_rules(), snapshot.unit)},
                        {"metadata", databag::dump_json(cos::topology_metadata(snapshot.unit))}};
  for (const Relation* relation : relations) {
    plan.publications.push_back({.relation = relation->id, .scope = Scope::app, .data = data});
  }
}

}  // namespace

std::string_view LokiPushApi::endpoint() const noexcept {
  return logging_endpoint;
}

// The application's databag has promtail, and what Loki thinks of our rules, which is for the log
// only: once, when Juju tells of it.
WantedBags LokiPushApi::wants(const Occasion& occasion) const {
  return {
      .remote_app = occasion.own_event || cos::wants_promtail(occasion.snapshot, occasion.settings),
      .remote_units = true,
      .remote_unit_bags = true,
      .local_unit = false,
      .local_app = true};
}

void LokiPushApi::learn(const Snapshot& snapshot, const Settings& settings, Facts& facts) const {
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
  if (cos::wants_promtail(snapshot, settings)) {
    cos::learn_promtail(snapshot.on(endpoint()), facts);
  }
}

void LokiPushApi::publish(const Snapshot& snapshot, const Settings& settings, const Facts& facts,
                          Plan& plan) const {
  if (settings.log_forwarder) {
    plan.logging = logging(snapshot, settings, facts);
  }
  publish_rules(snapshot, plan);
}

}  // namespace charm
