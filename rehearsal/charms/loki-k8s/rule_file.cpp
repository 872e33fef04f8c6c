// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rule_file.hpp"

#include "charm/domain/error.hpp"
#include "rehearsal/loki/logql.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <regex>

namespace loki {
namespace {

using charm::Relation;
using nlohmann::json;

json parsed(const Relation& relation, const std::string& key) {
  const auto entry = relation.remote_app_data.find(key);
  const bool empty = entry == relation.remote_app_data.end() || entry->second.empty();
  return empty ? json::object() : json::parse(entry->second);
}

std::string identifier(const std::string& model, const std::string& uuid,
                       const std::string& application) {
  static const std::regex version_4(
      "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  if (!std::regex_match(uuid, version_4)) {
    throw charm::Error("'" + uuid + "' is not a valid UUID4");
  }
  constexpr std::size_t shown = 8;
  return model + "_" + uuid.substr(0, shown) + "_" + application;
}

/// Whose rules they are says the first rule, else `metadata`.
std::string identifier_of(const json& rules, const json& metadata) {
  const json labels = rules.at("groups").at(0).at("rules").at(0).value("labels", json::object());
  if (labels.contains("juju_model") && labels.contains("juju_model_uuid") &&
      labels.contains("juju_application")) {
    return identifier(labels.at("juju_model"), labels.at("juju_model_uuid"),
                      labels.at("juju_application"));
  }
  return identifier(metadata.at("model"), metadata.at("model_uuid"), metadata.at("application"));
}

/// The original takes the placeholder away, which leaves an empty selector behind where there was
/// nothing else in it.
std::string without_placeholder(const std::string& expression) {
  static const std::regex placeholder("%%juju_topology%%,?");
  return std::regex_replace(expression, placeholder, "");
}

std::string first_error(const json& rules) {
  for (const json& group : rules.at("groups")) {
    if (group.at("rules").empty()) {
      throw charm::Error("the group " + group.value("name", "") + " has no rules");
    }
    for (const json& rule : group.at("rules")) {
      try {
        rehearsal::loki::check_expression(without_placeholder(rule.at("expr")));
      } catch (const rehearsal::loki::ParseError& error) {
        return std::string("error validating rules/validate_rule.yaml: [") + error.what() + "]";
      }
    }
  }
  return {};
}

RuleFile read(const json& rules, const json& metadata) {
  RuleFile file{.error = first_error(rules)};
  file.name = identifier_of(rules, metadata);
  std::ranges::replace(file.name, '/', '_');
  file.content = file.error.empty() ? rules.dump() : "";
  return file;
}

}  // namespace

std::optional<RuleFile> rule_file(const Relation& relation) {
  try {
    const json rules = parsed(relation, "alert_rules");
    if (!rules.contains("groups") || rules.at("groups").empty()) {
      return std::nullopt;
    }
    return read(rules, parsed(relation, "metadata"));
  } catch (const json::exception& error) {
    throw charm::Error("relation " + std::to_string(relation.id) + ": " + error.what());
  }
}

}  // namespace loki
