// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rule_file.hpp"

#include "charm/domain/error.hpp"
#include "topology.hpp"

#include <regex>

namespace prometheus {
namespace {

using charm::Databag;
using charm::Relation;
using nlohmann::json;

json parsed(const Databag& bag, const std::string& key) {
  const auto entry = bag.find(key);
  return json::parse(entry == bag.end() || entry->second.empty() ? "{}" : entry->second);
}

bool tells_topology(const json& labels) {
  return labels.contains("juju_model") && labels.contains("juju_model_uuid") &&
         labels.contains("juju_application");
}

/// A rule whose labels do not tell a whole topology is left as it is.
void qualify(json& rule) {
  static const std::regex placeholder("%%juju_topology%%,?");
  const json labels = rule.value("labels", json());
  if (!tells_topology(labels) || !rule.contains("expr")) {
    return;
  }
  (void)topology_of_labels(labels);  // Throws for a UUID that the original does not take.
  rule["expr"] = std::regex_replace(rule["expr"].get<std::string>(), placeholder, "");
}

void qualify_groups(json& rules) {
  if (rules.is_object() && rules.contains("groups")) {
    for (json& group : rules["groups"]) {
      for (json& rule : group.at("rules")) {
        qualify(rule);
      }
    }
  }
}

/// The first rule of the first group that says whose it is names the file.
std::string identifier_in(const json& rules) {
  if (!rules.is_object() || !rules.contains("groups")) {
    return "";
  }
  for (const json& group : rules.at("groups")) {
    const json& first = group.at("rules").at(0);
    const json labels = first.value("labels", json::object());
    if (labels.is_null()) {
      throw charm::Error("the labels of a rule are null");
    }
    if (tells_topology(labels)) {
      return topology_of_labels(labels).identifier();
    }
  }
  return "";
}

std::string identifier_of(const Relation& relation, const json& rules) {
  std::string identifier = identifier_in(rules);
  const json metadata = parsed(relation.remote_app_data, "scrape_metadata");
  if (identifier.empty() && metadata.contains("model") && metadata.contains("model_uuid") &&
      metadata.contains("application")) {
    identifier = topology_of_metadata(metadata).identifier();
  }
  if (identifier.empty() && rules.is_object() && !rules.value("groups", json::array()).empty()) {
    identifier = rules.at("groups").at(0).value("name", "");
  }
  return identifier;
}

}  // namespace

std::optional<RuleFile> rule_file(const Relation& relation) {
  json rules = parsed(relation.remote_app_data, "alert_rules");
  if (relation.remote_units.empty() || rules.empty()) {
    return std::nullopt;
  }
  qualify_groups(rules);
  const std::string identifier = identifier_of(relation, rules);
  if (identifier.empty()) {
    return std::nullopt;
  }
  return RuleFile{.name = identifier + "_" + relation.endpoint + "_" + std::to_string(relation.id),
                  .content = std::move(rules)};
}

}  // namespace prometheus
