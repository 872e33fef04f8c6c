// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/pebble/plan.hpp"

#include "charm/domain/digest.hpp"
#include "charm/json/json_text.hpp"

#include <nlohmann/json.hpp>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <sstream>
#include <string_view>

namespace charm::pebble {
namespace {

using Json = nlohmann::json;

/// Sets a member unless the value is empty: Pebble uses its default for an absent key.
template <typename Value>
void set(Json& json, const char* name, const Value& value) {
  if (!value.empty()) {
    json[name] = value;
  }
}

Json entry() {
  return {{"override", "replace"}};
}

Json json_of(const Service& service) {
  Json json = entry();
  set(json, "summary", service.summary);
  set(json, "command", service.command);
  set(json, "startup", service.startup);
  set(json, "environment", service.environment);
  set(json, "working-dir", service.working_dir);
  set(json, "on-success", service.on_success);
  set(json, "on-failure", service.on_failure);
  set(json, "backoff-delay", service.backoff_delay);
  set(json, "backoff-limit", service.backoff_limit);
  set(json, "kill-delay", service.kill_delay);
  set(json, "on-check-failure", service.on_check_failure);
  if (service.user_id != 0) {
    json["user-id"] = service.user_id;
  }
  if (service.group_id != 0) {
    json["group-id"] = service.group_id;
  }
  return json;
}

Json json_of(const Check& check) {
  Json json = entry();
  set(json, "level", check.level);
  set(json, "period", check.period);
  set(json, "timeout", check.timeout);
  json["threshold"] = check.threshold;
  if (!check.http_url.empty()) {
    json["http"] = {{"url", check.http_url}};
  }
  if (check.tcp_port != 0) {
    json["tcp"] = {{"port", check.tcp_port}};
  }
  return json;
}

Json json_of(const LogTarget& target) {
  Json json = entry();
  json["type"] = "loki";
  set(json, "location", target.location);
  set(json, "services", target.services);
  set(json, "labels", target.labels);
  return json;
}

template <typename Entries>
void set_section(Json& layer, const char* name, const Entries& entries) {
  for (const auto& [key, value] : entries) {
    layer[name][key] = json_of(value);
  }
}

/// Returns the layer in the form in which it is sent, and in which a plan contains it.
Json layer_json(const Layer& layer) {
  Json json = Json::object();
  set_section(json, "services", layer.services);
  set_section(json, "checks", layer.checks);
  set_section(json, "log-targets", layer.log_targets);
  return json;
}

constexpr const char* targets = "log-targets";

/// A scalar of YAML is read as text, because its type does not matter when two entries are
/// compared.
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

/// Turns every number into text.
void make_text(Json& value) {
  if (value.is_structured()) {
    std::ranges::for_each(value, make_text);
  } else if (!value.is_string()) {
    value = value.dump();
  }
}

/// Throws for an alias. Pebble writes none, and with aliases a short text can have endless entries.
class NoAliases final : public YAML::EventHandler {
 public:
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    throw YAML::ParserException(mark, "an alias");
  }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}

  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}

  void OnScalar(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                const std::string& /*value*/) override {}

  void OnSequenceStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/,
                       YAML::anchor_t /*anchor*/, YAML::EmitterStyle::value /*style*/) override {}

  void OnSequenceEnd() override {}

  void OnMapStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {}

  void OnMapEnd() override {}
};

YAML::Node load(const std::string& plan) {
  try {
    std::istringstream text(plan);
    NoAliases handler;
    YAML::Parser(text).HandleNextDocument(handler);
    return YAML::Load(plan);
  } catch (const YAML::Exception&) {
    return {};
  }
}

bool is_silent(const Json& target) {
  return target.value("services", Json()) == Json::array({"-all"});
}

/// Returns the value for an entry in PlanEntries.
std::string known_as(const Json& entry, std::string_view section) {
  return section == targets && is_silent(entry)
             ? ""
             : sha256(entry.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::map<std::string, std::string> entries_of(const YAML::Node& entries_in_plan,
                                              const std::string& section) {
  std::map<std::string, std::string> entries;
  for (const auto& entry : entries_in_plan) {
    if (entry.second.IsMap()) {
      entries[entry.first.Scalar()] = known_as(as_text(entry.second), section);
    }
  }
  return entries;
}

/// Returns the `entries` that differ from the plan's section or are missing there.
template <typename Entries>
Entries differing(const Entries& entries, const std::string& section, const Json& wanted,
                  const PebblePlan& plan) {
  const auto actual = plan.entries.find(section);
  Entries result;
  for (const auto& [name, entry] : entries) {
    if (actual == plan.entries.end() || !actual->second.contains(name) ||
        actual->second.at(name) != known_as(wanted.at(section).at(name), section)) {
      result.emplace(name, entry);
    }
  }
  return result;
}

std::string location_of(const std::string& target, const std::string& plan) {
  try {
    const YAML::Node location = load(plan)[targets][target]["location"];
    return location.IsScalar() ? location.Scalar() : "";
  } catch (const YAML::Exception&) {
    return "";  // The plan has the target twice, or the section.
  }
}

void silence_unwanted(const PebblePlan& plan, const std::map<std::string, LogTarget>& wanted,
                      Layer& difference) {
  const auto known = plan.entries.find(targets);
  if (known == plan.entries.end()) {
    return;
  }
  for (const auto& [name, digest] : known->second) {
    if (!wanted.contains(name) && !digest.empty()) {
      difference.log_targets[name] = {.location = location_of(name, plan.text),
                                      .services = {"-all"}};
    }
  }
}

}  // namespace

std::string layer_text(const Layer& layer) {
  return json_text(layer_json(layer));
}

PebblePlan read_plan(const std::string& text) {
  const YAML::Node document = load(text);
  PebblePlan plan{.text = text, .digest = sha256(text), .entries = {}};
  if (document.IsMap()) {
    for (const auto& section : document) {
      if (section.second.IsMap()) {
        const std::string& name = section.first.Scalar();
        plan.entries[name] = entries_of(section.second, name);
      }
    }
  }
  return plan;
}

Layer difference(const PebblePlan& plan, const Layer& wanted) {
  // Pebble prints entries in the form in which they were sent, so that form is compared.
  Json sent = layer_json(wanted);
  make_text(sent);
  return {.services = differing(wanted.services, "services", sent, plan),
          .checks = differing(wanted.checks, "checks", sent, plan),
          .log_targets = differing(wanted.log_targets, targets, sent, plan)};
}

Layer difference(const PebblePlan& plan, const std::map<std::string, LogTarget>& wanted) {
  Layer result = difference(plan, Layer{.log_targets = wanted});
  silence_unwanted(plan, wanted, result);
  return result;
}

}  // namespace charm::pebble
