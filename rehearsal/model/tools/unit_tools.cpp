// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/charm.hpp"
#include "rehearsal/model/model.hpp"
#include "rehearsal/model/pod_spec.hpp"
#include "rehearsal/model/relations.hpp"
#include "rehearsal/model/tools/tool.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

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

constexpr std::array<std::string_view, 4> settable{"maintenance", "blocked", "waiting", "active"};

Json status_set(const Call& call) {
  const Arguments& arguments = call.arguments;
  if (arguments.words().empty()) {
    throw usage_error("invalid args, require <status> [message] [data]");
  }
  const std::string word = arguments.word(0);
  if (std::find(settable.begin(), settable.end(), word) == settable.end()) {
    throw usage_error("invalid status \"" + word +
                      "\", expected one of [maintenance blocked waiting active]");
  }
  arguments.at_most(3);
  const StatusInfo status{
      .status = word, .message = arguments.word(1), .since = call.context.model.now};
  if (arguments.has("application")) {
    require_leader(call);
    call.context.application().status = status;
  } else {
    call.context.unit().status = status;
    call.context.unit().status_set = true;
  }
  return {};
}

Json status_details(const Call& call, const StatusInfo& status) {
  Json details = {{"status", status.status}};
  if (call.arguments.has("include-data")) {
    details["message"] = status.message;
    details["status-data"] = Json::object();
  }
  return details;
}

Json application_status(const Call& call) {
  if (!call.context.leader) {
    throw run_error("finding application status: this unit is not the leader");
  }
  Json details = status_details(call, call.context.application().status);
  Json& units = details["units"] = Json::object();
  for (const std::string& name : call.context.model.units_of(call.context.unit().app)) {
    units[name] = status_details(call, call.context.model.unit(name).status);
  }
  return {{"application-status", details}};
}

Json status_get(const Call& call) {
  const Arguments& arguments = call.arguments;
  arguments.at_most(0);
  const bool of_application = arguments.has("application");
  const Json details =
      of_application ? application_status(call) : status_details(call, call.context.unit().status);
  const bool word =
      !arguments.has("include-data") && arguments.value("format").value_or("smart") == "smart";
  return !word ? details : (of_application ? details["application-status"] : details)["status"];
}

/// `2026-11-23 01:02:03Z`
std::string goal_time(Millis time) {
  std::string text = format_time(time);
  std::replace(text.begin(), text.end(), 'T', ' ');
  return text;
}

void add_goal_of_units(Json& goal, const Model& model, const std::string& app) {
  for (const std::string& name : model.units_of(app)) {
    const Unit& unit = model.unit(name);
    goal[name] = {{"status", unit.life == Life::dying ? "dying" : unit.status.status},
                  {"since", goal_time(unit.status.since)}};
  }
}

Json goal_state(const Call& call) {
  call.arguments.at_most(0);
  const Model& model = call.context.model;
  const std::string app = app_of(call.context.unit_name);
  Json units = Json::object();
  add_goal_of_units(units, model, app);
  Json relations = Json::object();
  for (const int id : relations_of(model, app)) {
    const Relation& relation = model.relations.at(id);
    if (!is_peer(relation)) {
      const std::string remote = remote_app(relation, app);
      Json& goal = relations[end_of(relation, app)->endpoint.name];
      // The model does not keep the time, and ops requires one.
      goal[remote] = {{"status", "joined"}, {"since", goal_time(model.now)}};
      add_goal_of_units(goal, model, remote);
    }
  }
  return {{"units", units}, {"relations", relations}};
}

Json resource_get(const Call& call) {
  const std::string name = call.arguments.word(0);
  if (name.empty()) {
    throw usage_error("missing required resource name");
  }
  call.arguments.at_most(1);
  const Application& app = call.context.application();
  for (const FileResource& resource : file_resources(app, call.context.unit_name)) {
    if (resource.name == name) {
      call.out = resource.place;
      return {};
    }
  }
  throw run_error("could not download resource: resource \"" + name + "\" not found");
}

constexpr std::size_t longest_key = 256;
constexpr std::size_t longest_value = 65536;

const Bag& current_state(const Call& call) {
  const auto& touched = call.context.changes.state;
  return touched ? *touched : call.context.unit().state;
}

Bag& state_to_change(const Call& call) {
  auto& state = call.context.changes.state;
  if (!state) {
    state = call.context.unit().state;
  }
  return *state;
}

Json state_get(const Call& call) {
  call.arguments.at_most(1);
  const Bag& state = current_state(call);
  const std::string key = call.arguments.word(0);
  if (key.empty() || key == "-") {
    return state.empty() ? Json() : Json(state);
  }
  const auto value = state.find(key);
  if (value == state.end() && call.arguments.has("strict")) {
    throw run_error("\"" + key + "\" not found");
  }
  return value == state.end() ? std::string() : value->second;
}

Json state_set(const Call& call) {
  const Bag values = settings(call);
  for (const auto& [key, value] : values) {
    if (key.size() > longest_key) {
      throw run_error("max allowed key length (" + std::to_string(longest_key) + ") exceeded");
    }
    if (value.size() > longest_value) {
      throw run_error("max allowed value length (" + std::to_string(longest_value) + ") exceeded");
    }
  }
  Bag& state = state_to_change(call);
  for (const auto& [key, value] : values) {
    state[key] = value;
  }
  return {};
}

Json state_delete(const Call& call) {
  if (call.arguments.words().empty()) {
    return {};
  }
  call.arguments.at_most(1);
  state_to_change(call).erase(call.arguments.word(0));
  return {};
}

std::string level_of(const Call& call, const std::string& logger) {
  constexpr std::array<std::string_view, 6> levels{"TRACE",   "DEBUG", "INFO",
                                                   "WARNING", "ERROR", "CRITICAL"};
  if (call.arguments.has("debug")) {
    return "DEBUG";
  }
  std::string level = call.arguments.value("log-level").value_or("INFO");
  const std::string asked = level;
  std::transform(level.begin(), level.end(), level.begin(), [](unsigned char character) {
    return static_cast<char>(std::toupper(character));
  });
  if (std::find(levels.begin(), levels.end(), level) == levels.end()) {
    call.context.log("WARNING", logger, "Specified log level of \"" + asked + "\" is not valid");
    return "INFO";
  }
  return level;
}

Json juju_log(const Call& call) {
  if (call.arguments.words().empty()) {
    throw usage_error("no message specified");
  }
  std::string text;
  for (const std::string& word : call.arguments.words()) {
    text += (text.empty() ? "" : " ") + word;
  }
  const HookContext& context = call.context;
  if (is_relation_event(context.event.kind)) {
    text = context.event.subject + ":" + std::to_string(context.event.relation) + ": " + text;
  }
  const std::string logger = "unit." + context.unit_name + ".juju-log";
  context.log(level_of(call, logger), logger, text);
  return {};
}

Json juju_reboot(const Call& call) {
  HookContext& context = call.context;
  if (context.event.kind == EventKind::action) {
    throw run_error("juju-reboot is not supported when running an action.");
  }
  context.log("WARNING", "unit." + context.unit_name + ".juju-reboot",
              "juju-reboot has no effect: a pod has no machine to reboot");
  return {};
}

}  // namespace

std::vector<Tool> unit_tools() {
  const Flag application{.name = "application", .short_name = {}, .takes_value = false};
  const Flag strict{.name = "strict", .short_name = {}, .takes_value = false};
  return {
      {.name = "config-get",
       .flags = {{.name = "all", .short_name = "a", .takes_value = false}},
       .prints_value = true,
       .run = config_get},
      {.name = "is-leader", .flags = {}, .prints_value = true, .run = is_leader},
      {.name = "application-version-set", .flags = {}, .run = application_version_set},
      {.name = "status-set", .flags = {application}, .run = status_set},
      {.name = "status-get",
       .flags = {application, {.name = "include-data", .short_name = {}, .takes_value = false}},
       .prints_value = true,
       .run = status_get},
      {.name = "goal-state",
       .flags = {},
       .prints_value = true,
       .run = goal_state,
       .format = "yaml"},
      {.name = "resource-get", .flags = {}, .run = resource_get},
      {.name = "state-get", .flags = {strict}, .prints_value = true, .run = state_get},
      {.name = "state-set", .flags = {{.name = "file"}}, .run = state_set},
      {.name = "state-delete", .flags = {}, .run = state_delete},
      {.name = "juju-log",
       .flags = {{.name = "log-level", .short_name = "l"},
                 {.name = "debug", .short_name = {}, .takes_value = false},
                 {.name = "format"}},
       .run = juju_log},
      {.name = "juju-reboot",
       .flags = {{.name = "now", .short_name = {}, .takes_value = false}},
       .run = juju_reboot},
  };
}

}  // namespace rehearsal::tools
