// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/tools/tool.hpp"

#include "rehearsal/model/yaml_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace rehearsal::tools {
namespace {

using Json = nlohmann::json;

/// Thrown by input(): the charm's side must send the file first.
struct WantedInput {
  std::string path;
};

const std::vector<Tool>& all_tools() {
  static const std::vector<Tool> tools = [] {
    std::vector<Tool> list;
    for (const auto& family : {relation_tools(), unit_tools(), secret_tools(), network_tools(),
                               storage_tools(), action_tools()}) {
      list.insert(list.end(), family.begin(), family.end());
    }
    return list;
  }();
  return tools;
}

std::string smart(const Json& value) {
  if (value.is_null()) {
    return {};
  }
  if (value.is_string()) {
    return value.get<std::string>();
  }
  if (value.is_boolean()) {
    return value.get<bool>() ? "True" : "False";
  }
  if (value.is_array() &&
      std::all_of(value.begin(), value.end(), [](const Json& item) { return item.is_string(); })) {
    std::string lines;
    for (const Json& item : value) {
      lines += (&item == &value.front() ? "" : "\n") + item.get<std::string>();
    }
    return lines;
  }
  std::string yaml = json_to_yaml(value);
  yaml.pop_back();
  return yaml;
}

std::string formatted(const Json& value, const std::string& format) {
  std::string text;
  if (format == "json") {
    text = go_json(value);
  } else if (format == "yaml") {
    text = json_to_yaml(value);
    text.pop_back();
  } else {
    text = smart(value);
  }
  return text.empty() ? text : text + "\n";
}

/// Tools that print YAML by default have no "smart" format.
void check_format(const Tool& tool, const std::string& format) {
  if (format != "json" && format != "yaml" && format != tool.format) {
    throw usage_error("invalid value \"" + format + "\" for option --format: unknown format \"" +
                      format + "\"");
  }
}

Reply run_known(const Tool& tool, HookContext& context, const Request& request) {
  std::vector<Flag> flags = tool.flags;
  if (tool.prints_value) {
    flags.push_back({.name = "format"});
    flags.push_back({.name = "output", .short_name = "o"});
  }
  const Arguments arguments(request.arguments, flags);
  Reply reply;
  const std::string format = arguments.value("format").value_or(std::string(tool.format));
  if (tool.prints_value) {
    // An unknown format is refused before any change.
    check_format(tool, format);
  }
  const Json value = tool.run({context, arguments, request.inputs, reply.out});
  if (tool.prints_value) {
    reply.out += formatted(value, format);
    reply.out_path = arguments.value("output").value_or("");
  }
  return reply;
}

Reply error_reply(int exit_code, const std::string& text) {
  return {.exit_code = exit_code, .out = {}, .err = "ERROR " + text + "\n"};
}

}  // namespace

Reply run_tool(HookContext& context, const Request& request) {
  if (request.context_id != context.id) {
    return error_reply(1, "bad request: expected context id \"" + context.id + "\", got \"" +
                              request.context_id + "\"");
  }
  const auto tool =
      std::find_if(all_tools().begin(), all_tools().end(),
                   [&request](const Tool& candidate) { return candidate.name == request.tool; });
  if (tool == all_tools().end()) {
    return error_reply(1, "bad request: unknown hook command: " + request.tool);
  }
  try {
    return run_known(*tool, context, request);
  } catch (const WantedInput& wanted) {
    Reply reply;
    reply.wanted_input = wanted.path;
    return reply;
  } catch (const ToolError& error) {
    return error_reply(error.exit_code(), error.what());
  } catch (const std::exception& error) {
    return error_reply(1, error.what());
  }
}

std::vector<std::string> tool_names() {
  std::vector<std::string> names;
  for (const Tool& tool : all_tools()) {
    names.emplace_back(tool.name);
  }
  return names;
}

const std::string& input(const Call& call, const std::string& path) {
  const auto found = call.inputs.find(path);
  if (found == call.inputs.end()) {
    throw WantedInput{path};
  }
  return found->second;
}

Bag settings(const Call& call) {
  Bag values;
  if (const auto path = call.arguments.value("file")) {
    const std::string& text = input(call, *path);
    // Charms write JSON. YAML's parser also reads it, but a hundred times more slowly.
    const bool is_json = Json::accept(text);
    const Json map = is_json ? Json::parse(text) : yaml_to_json(text);
    if (!map.is_object() && !map.is_null()) {
      throw run_error("cannot read settings: expected a map of strings");
    }
    for (const auto& [key, value] : map.items()) {
      if (value.is_structured()) {
        throw run_error("cannot read settings: value of \"" + key + "\" is not a string");
      }
      values[key] = value.is_string() ? value.get<std::string>()
                    : value.is_null() ? std::string()
                                      : value.dump();
    }
  }
  for (const std::string& word : call.arguments.words()) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw usage_error("expected \"key=value\", got \"" + word + "\"");
    }
    values[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return values;
}

void require_leader(const Call& call) {
  if (!call.context.leader) {
    throw run_error("this unit is not the leader");
  }
}

}  // namespace rehearsal::tools
