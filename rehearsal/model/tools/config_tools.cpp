// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/clock.hpp"
#include "rehearsal/model/model_json.hpp"
#include "rehearsal/model/tools/tool.hpp"

#include <nlohmann/json.hpp>

#include <fstream>

namespace rehearsal::tools {
namespace {

using Json = nlohmann::json;

Json config_get(const Call& call) {
  call.arguments.at_most(1);
  const Application& app = call.context.application();
  const std::string key = call.arguments.word(0);
  Json values = Json::object();
  for (const auto& [name, option] : app.charm.options) {
    const auto set = app.config.find(name);
    if (set != app.config.end()) {
      values[name] = config_to_json(set->second);
    } else if (option.default_value) {
      values[name] = config_to_json(*option.default_value);
    } else if (call.arguments.has("all")) {
      values[name] = nullptr;
    }
  }
  return key.empty() ? values : values.value(key, Json());
}

Json is_leader(const Call& call) {
  call.arguments.at_most(0);
  return call.context.leader;
}

Json application_version_set(const Call& call) {
  if (call.arguments.words().empty()) {
    throw usage_error("no version specified");
  }
  call.arguments.at_most(1);
  call.context.application().workload_version = call.arguments.word(0);
  return {};
}

Json unit_state(const Unit& unit) {
  return {{"status", unit.status.status == "unknown" ? "waiting" : unit.status.status},
          {"since", format_time(unit.status.since)}};
}

Json goal_state(const Call& call) {
  call.arguments.at_most(0);
  const Model& model = call.context.model;
  const std::string app = app_of(call.context.unit_name);
  Json units = Json::object();
  for (const std::string& name : model.units_of(app)) {
    if (model.unit(name).life == Life::alive) {
      units[name] = unit_state(model.unit(name));
    }
  }
  Json relations = Json::object();
  for (const auto& [id, relation] : model.relations) {
    for (const RelationEnd& end : relation.ends) {
      if (end.app != app || relation.ends.size() < 2) {
        continue;
      }
      const std::string& remote =
          relation.ends[0].app == app ? relation.ends[1].app : relation.ends[0].app;
      relations[end.endpoint.name][remote] = {{"status", "joined"},
                                              {"since", format_time(model.now)}};
      for (const std::string& name : model.units_of(remote)) {
        relations[end.endpoint.name][name] = unit_state(model.unit(name));
      }
    }
  }
  return {{"units", units}, {"relations", relations}};
}

Json resource_get(const Call& call) {
  if (call.arguments.words().empty()) {
    throw usage_error("missing required resource name");
  }
  call.arguments.at_most(1);
  try {
    call.out = call.context.fetch_resource(call.arguments.word(0));
  } catch (const UserError& error) {
    throw run_error(std::string("could not download resource: ") + error.what());
  }
  return {};
}

}  // namespace

std::vector<Tool> config_tools() {
  return {
      {.name = "config-get",
       .flags = {{.name = "all", .short_name = "a", .takes_value = false}},
       .prints_value = true,
       .run = config_get},
      {.name = "is-leader", .flags = {}, .prints_value = true, .run = is_leader},
      {.name = "application-version-set", .flags = {}, .run = application_version_set},
      {.name = "goal-state",
       .flags = {},
       .prints_value = true,
       .run = goal_state,
       .format = "yaml"},
      {.name = "resource-get", .flags = {}, .run = resource_get},
  };
}

}  // namespace rehearsal::tools
