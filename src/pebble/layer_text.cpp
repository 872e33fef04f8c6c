// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/json/json_text.hpp"
#include "charm/pebble/client.hpp"
#include "layer_json.hpp"

#include <nlohmann/json.hpp>

namespace charm::pebble {
namespace {

using Json = nlohmann::json;

/// Sets a member unless the value is empty: Pebble takes an absent key for its default.
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

}  // namespace

Json layer_json(const Layer& layer) {
  Json json = Json::object();
  set_section(json, "services", layer.services);
  set_section(json, "checks", layer.checks);
  set_section(json, "log-targets", layer.log_targets);
  return json;
}

std::string layer_text(const Layer& layer) {
  return json_text(layer_json(layer));
}

}  // namespace charm::pebble
