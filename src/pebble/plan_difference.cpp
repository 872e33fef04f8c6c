// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

#include "charm/pebble/plan_difference.hpp"

#include "layer_json.hpp"

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

namespace charm::pebble {

namespace {

using Json = nlohmann::json;

/// A scalar of YAML is text; what type it may have does not matter to whether two are the same.
Json as_text(const YAML::Node& node) {
  if (node.IsMap()) {
    Json object = Json::object();
    for (const auto& member : node) {
      object[member.first.Scalar()] = as_text(member.second);
    }
    return object;
  }
  if (node.IsSequence()) {
    Json array = Json::array();
    for (const auto& element : node) {
      array.push_back(as_text(element));
    }
    return array;
  }
  return node.IsScalar() ? Json(node.Scalar()) : Json();
}

Json as_text(const Json& value) {
  if (!value.is_structured()) {
    return value.is_string() ? value : Json(value.dump());
  }
  Json result = value;
  for (Json& member : result) {
    member = as_text(member);
  }
  return result;
}

std::string text_of(const Json& entry) {
  return entry.dump(-1, ' ', false, Json::error_handler_t::replace);
}

YAML::Node load(const std::string& plan) {
  try {
    return YAML::Load(plan);
  } catch (const YAML::Exception&) {
    return {};
  }
}

std::map<std::string, std::string> entries_of(const YAML::Node& section) {
  std::map<std::string, std::string> entries;
  for (const auto& entry : section) {
    if (entry.second.IsMap()) {
      entries[entry.first.Scalar()] = text_of(as_text(entry.second));
    }
  }
  return entries;
}

/// Keeps of `entries` those that the plan's section does not hold just so.
template <typename Entries>
Entries differing(const Entries& entries, const std::string& section, const Json& wanted,
                  const PebblePlan& plan) {
  const auto actual = plan.find(section);
  Entries result;
  for (const auto& [name, entry] : entries) {
    if (actual == plan.end() || !actual->second.contains(name) ||
        actual->second.at(name) != text_of(as_text(wanted.at(section).at(name)))) {
      result.emplace(name, entry);
    }
  }
  return result;
}

void silence_unwanted(const std::map<std::string, std::string>& targets,
                      const std::map<std::string, LogTarget>& wanted, Layer& difference) {
  for (const auto& [name, text] : targets) {
    const Json target = Json::parse(text);
    if (!wanted.contains(name) && target.value("services", Json()) != Json::array({"-all"})) {
      const Json location = target.value("location", Json());
      difference.log_targets[name] = {
          .location = location.is_string() ? location.get<std::string>() : "",
          .services = {"-all"}};
    }
  }
}

}  // namespace

PebblePlan read_plan(const std::string& text) {
  const YAML::Node document = load(text);
  PebblePlan plan;
  if (document.IsMap()) {
    for (const auto& section : document) {
      if (section.second.IsMap()) {
        plan[section.first.Scalar()] = entries_of(section.second);
      }
    }
  }
  return plan;
}

Layer difference(const PebblePlan& plan, const Layer& wanted) {
  // What would be sent is the one thing to compare with what Pebble prints.
  const Json sent = layer_json(wanted);
  return {.services = differing(wanted.services, "services", sent, plan),
          .checks = differing(wanted.checks, "checks", sent, plan),
          .log_targets = differing(wanted.log_targets, "log-targets", sent, plan)};
}

Layer difference(const PebblePlan& plan, const std::map<std::string, LogTarget>& wanted) {
  Layer result = difference(plan, Layer{.log_targets = wanted});
  if (const auto targets = plan.find("log-targets"); targets != plan.end()) {
    silence_unwanted(targets->second, wanted, result);
  }
  return result;
}

}  // namespace charm::pebble
