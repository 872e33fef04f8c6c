// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "alert_rules.hpp"

#include "charm/domain/error.hpp"
#include "topology.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace charm::cos {

namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == ':';
}

std::string group_name(const Unit& unit, const std::string& name) {
  std::string result = topology_identifier(unit) + "_" + name;
  if (!result.ends_with("_rules")) {
    result += "_rules";
  }
  std::replace_if(
      result.begin(), result.end(), [](char c) { return !is_name_character(c); }, '_');
  return result;
}

std::string with_matchers(std::string expression, const std::string& matchers) {
  constexpr std::string_view placeholder = "%%juju_topology%%";
  for (auto at = expression.find(placeholder); at != std::string::npos;
       at = expression.find(placeholder, at + matchers.size())) {
    expression.replace(at, placeholder.size(), matchers);
  }
  return expression;
}

/// Labels of the file win over those of the topology.
void qualify(const Unit& unit, nlohmann::json& rule) {
  rule["expr"] = with_matchers(rule.at("expr").get<std::string>(), topology_matchers(unit));
  auto labels = topology_labels(unit);
  labels.update(rule.value("labels", nlohmann::json::object()));
  rule["labels"] = std::move(labels);
}

nlohmann::json groups_of(const EmbeddedFile& file, const Unit& unit) {
  auto groups = nlohmann::json::parse(file.content).at("groups");
  for (auto& group : groups) {
    group["name"] = group_name(unit, group.at("name").get<std::string>());
    for (auto& rule : group.at("rules")) {
      qualify(unit, rule);
    }
  }
  return groups;
}

}  // namespace

nlohmann::json alert_rules(std::span<const EmbeddedFile> files, const Unit& unit) {
  auto result = nlohmann::json::object();
  for (const auto& file : files) {
    try {
      for (auto& group : groups_of(file, unit)) {
        result["groups"].push_back(std::move(group));
      }
    } catch (const nlohmann::json::exception& error) {
      throw Error(std::string(file.path) + ": " + error.what());
    }
  }
  return result;
}

}  // namespace charm::cos
