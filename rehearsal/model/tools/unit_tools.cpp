// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/charm.hpp"
#include "rehearsal/model/model.hpp"
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
