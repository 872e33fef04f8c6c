// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/tools/tool.hpp"

#include <nlohmann/json.hpp>

namespace rehearsal::tools {
namespace {

using Json = nlohmann::json;

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

}  // namespace

std::vector<Tool> state_tools() {
  const Flag strict{.name = "strict", .short_name = {}, .takes_value = false};
  return {
      {.name = "state-get", .flags = {strict}, .prints_value = true, .run = state_get},
      {.name = "state-set", .flags = {{.name = "file"}}, .run = state_set},
      {.name = "state-delete", .flags = {}, .run = state_delete},
  };
}

}  // namespace rehearsal::tools
