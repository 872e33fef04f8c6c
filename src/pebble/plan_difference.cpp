// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

#include "charm/pebble/plan_difference.hpp"

#include "charm/pebble/client.hpp"

#include <yaml-cpp/yaml.h>

#include <string_view>

namespace charm::pebble {

namespace {

/// Pebble fills these in by itself when it prints a plan.
bool is_filled_in(const std::string& key) {
  return key == "override" || key == "threshold";
}

bool same(const YAML::Node& wanted, const YAML::Node& actual);

bool same_scalar(const YAML::Node& wanted, const YAML::Node& actual) {
  return wanted.Scalar() == actual.Scalar();
}

bool same_sequence(const YAML::Node& wanted, const YAML::Node& actual) {
  if (wanted.size() != actual.size()) {
    return false;
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!same(wanted[i], actual[i])) {
      return false;
    }
  }
  return true;
}

bool same_map(const YAML::Node& wanted, const YAML::Node& actual) {
  for (const auto& entry : actual) {
    const auto key = entry.first.Scalar();
    if (!wanted[key] && !is_filled_in(key)) {
      return false;
    }
  }
  for (const auto& entry : wanted) {
    if (!actual[entry.first.Scalar()] || !same(entry.second, actual[entry.first.Scalar()])) {
      return false;
    }
  }
  return true;
}

bool same(const YAML::Node& wanted, const YAML::Node& actual) {
  if (wanted.Type() != actual.Type()) {
    return false;
  }
  switch (wanted.Type()) {
    case YAML::NodeType::Scalar:
      return same_scalar(wanted, actual);
    case YAML::NodeType::Sequence:
      return same_sequence(wanted, actual);
    case YAML::NodeType::Map:
      return same_map(wanted, actual);
    default:
      return true;
  }
}

/// Keeps of `entries` those that the plan's section does not hold just so.
template <typename Entries>
Entries differing(const Entries& entries, const YAML::Node& wanted_section,
                  const YAML::Node& plan_section) {
  Entries result;
  for (const auto& [name, entry] : entries) {
    if (!plan_section || !plan_section.IsMap() || !plan_section[name] ||
        !same(wanted_section[name], plan_section[name])) {
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

void silence_unwanted(const YAML::Node& plan_targets, const Layer& wanted, Layer& difference) {
  if (!plan_targets || !plan_targets.IsMap()) {
    return;
  }
  for (const auto& entry : plan_targets) {
    const auto name = entry.first.Scalar();
    if (!wanted.log_targets.contains(name) && entry.second.IsMap() && !is_silenced(entry.second)) {
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

}  // namespace

Layer difference(const std::string& plan, const Layer& wanted) {
  const YAML::Node actual = load(plan);
  // The text that would be sent is the one thing to compare with what Pebble prints.
  const YAML::Node text = YAML::Load(layer_text(wanted));
  Layer result{
      .services = differing(wanted.services, text["services"], actual["services"]),
      .checks = differing(wanted.checks, text["checks"], actual["checks"]),
      .log_targets = differing(wanted.log_targets, text["log-targets"], actual["log-targets"])};
  silence_unwanted(actual["log-targets"], wanted, result);
  return result;
}

}  // namespace charm::pebble
