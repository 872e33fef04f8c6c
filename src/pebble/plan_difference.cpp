// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

#include "charm/pebble/plan_difference.hpp"

#include "charm/pebble/client.hpp"

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

namespace charm::pebble {

namespace {

using Json = nlohmann::json;

/// Pebble fills these in by itself when it prints a plan.
bool is_filled_in(const std::string& key) {
  return key == "override" || key == "threshold";
}

bool same(const Json& wanted, const YAML::Node& actual);

bool same_scalar(const Json& wanted, const YAML::Node& actual) {
  return actual.IsScalar() &&
         actual.Scalar() == (wanted.is_string() ? wanted.get<std::string>() : wanted.dump());
}

bool same_sequence(const Json& wanted, const YAML::Node& actual) {
  if (!actual.IsSequence() || wanted.size() != actual.size()) {
    return false;
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!same(wanted[i], actual[i])) {
      return false;
    }
  }
  return true;
}

bool same_map(const Json& wanted, const YAML::Node& actual) {
  if (!actual.IsMap()) {
    return false;
  }
  for (const auto& entry : actual) {
    const auto key = entry.first.Scalar();
    if (!wanted.contains(key) && !is_filled_in(key)) {
      return false;
    }
  }
  for (const auto& [key, value] : wanted.items()) {
    const YAML::Node member = actual[key];
    if (!member || !same(value, member)) {
      return false;
    }
  }
  return true;
}

bool same(const Json& wanted, const YAML::Node& actual) {
  if (wanted.is_object()) {
    return same_map(wanted, actual);
  }
  return wanted.is_array() ? same_sequence(wanted, actual) : same_scalar(wanted, actual);
}

/// Keeps of `entries` those that the plan's section does not hold just so.
template <typename Entries>
Entries differing(const Entries& entries, const char* section, const Json& wanted,
                  const YAML::Node& plan) {
  const YAML::Node actual = plan[section];
  Entries result;
  for (const auto& [name, entry] : entries) {
    if (!actual || !actual.IsMap() || !actual[name] ||
        !same(wanted.at(section).at(name), actual[name])) {
      result.emplace(name, entry);
    }
  }
  return result;
}

bool is_silenced(const YAML::Node& target) {
  const YAML::Node services = target["services"];
  return services && services.IsSequence() && services.size() == 1 &&
         services[0].Scalar() == "-all";
}

void silence_unwanted(const YAML::Node& plan_targets,
                      const std::map<std::string, LogTarget>& wanted, Layer& difference) {
  if (!plan_targets || !plan_targets.IsMap()) {
    return;
  }
  for (const auto& entry : plan_targets) {
    const auto name = entry.first.Scalar();
    if (!wanted.contains(name) && entry.second.IsMap() && !is_silenced(entry.second)) {
      difference.log_targets[name] = {.location = entry.second["location"].as<std::string>(""),
                                      .services = {"-all"}};
    }
  }
}

YAML::Node load(const std::string& plan) {
  try {
    YAML::Node node = YAML::Load(plan);
    return node.IsMap() ? node : YAML::Node(YAML::NodeType::Map);
  } catch (const YAML::Exception&) {
    return YAML::Node(YAML::NodeType::Map);
  }
}

Layer difference_to(const YAML::Node& actual, const Layer& wanted) {
  // The text that would be sent is the one thing to compare with what Pebble prints.
  const Json text = Json::parse(layer_text(wanted));
  return {.services = differing(wanted.services, "services", text, actual),
          .checks = differing(wanted.checks, "checks", text, actual),
          .log_targets = differing(wanted.log_targets, "log-targets", text, actual)};
}

}  // namespace

Layer difference(const std::string& plan, const Layer& wanted) {
  return difference_to(load(plan), wanted);
}

Layer difference(const std::string& plan, const std::map<std::string, LogTarget>& wanted) {
  // Reading YAML is dear, and this is asked by every hook.
  if (wanted.empty() && plan.find("log-targets") == std::string::npos) {
    return {};
  }
  const YAML::Node actual = load(plan);
  Layer result = difference_to(actual, Layer{.log_targets = wanted});
  silence_unwanted(actual["log-targets"], wanted, result);
  return result;
}

}  // namespace charm::pebble
