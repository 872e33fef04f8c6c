// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
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

}  // namespace

std::vector<Tool> log_tools() {
  return {{.name = "juju-log",
           .flags = {{.name = "log-level", .short_name = "l"},
                     {.name = "debug", .short_name = {}, .takes_value = false},
                     {.name = "format"}},
           .run = juju_log}};
}

}  // namespace rehearsal::tools
