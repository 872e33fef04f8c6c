// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/tools/tool.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace rehearsal::tools {
namespace {

using Json = nlohmann::json;

Task& task_of(const Call& call) {
  if (call.context.task == nullptr) {
    throw run_error("not running an action");
  }
  return *call.context.task;
}

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> parts{""};
  for (const char character : path) {
    if (character == '.') {
      parts.emplace_back();
    } else {
      parts.back() += character;
    }
  }
  return parts;
}

bool is_alphanumeric(char character) {
  return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
}

bool valid_part(const std::string& part) {
  return !part.empty() && is_alphanumeric(part.front()) && is_alphanumeric(part.back()) &&
         std::all_of(part.begin(), part.end(),
                     [](char character) { return is_alphanumeric(character) || character == '-'; });
}

Json action_get(const Call& call) {
  call.arguments.at_most(1);
  Json value = Json::parse(task_of(call).params);
  if (call.arguments.words().empty()) {
    return value;
  }
  for (const std::string& part : split(call.arguments.word(0))) {
    if (!value.is_object() || !value.contains(part)) {
      return nullptr;
    }
    value = Json(value[part]);
  }
  return value;
}

struct Result {
  std::vector<std::string> path;
  std::string value;
};

Result result_of(const std::string& word) {
  constexpr std::array<std::string_view, 4> reserved{"stdout", "stdout-encoding", "stderr",
                                                     "stderr-encoding"};
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw usage_error("argument \"" + word + "\" must be of the form key...=value");
  }
  const std::string key = word.substr(0, equals);
  if (std::find(reserved.begin(), reserved.end(), key) != reserved.end()) {
    throw usage_error("cannot set reserved action key \"" + key + "\"");
  }
  Result result{split(key), word.substr(equals + 1)};
  for (const std::string& part : result.path) {
    if (!valid_part(part)) {
      throw usage_error("key \"" + part +
                        "\" must start and end with lowercase alphanumeric, and contain only "
                        "lowercase alphanumeric, hyphens and periods");
    }
  }
  return result;
}

Json action_set(const Call& call) {
  std::vector<Result> results;
  for (const std::string& word : call.arguments.words()) {
    results.push_back(result_of(word));
  }
  Task& task = task_of(call);
  Json tree = Json::parse(task.results);
  for (const Result& result : results) {
    Json* place = &tree;
    for (const std::string& part : result.path) {
      if (!place->is_object()) {
        *place = Json::object();
      }
      place = &(*place)[part];
    }
    *place = result.value;
  }
  task.results = tree.dump(-1, ' ', false, Json::error_handler_t::replace);
  return {};
}

Json action_fail(const Call& call) {
  call.arguments.at_most(1);
  Task& task = task_of(call);
  task.message = call.arguments.words().empty()
                     ? "action failed without reason given, check action for errors"
                     : call.arguments.word(0);
  call.context.task_failed = true;
  return {};
}

Json action_log(const Call& call) {
  if (call.arguments.words().empty()) {
    throw usage_error("no message specified");
  }
  std::string text;
  for (const std::string& word : call.arguments.words()) {
    text += (text.empty() ? "" : " ") + word;
  }
  task_of(call).log.push_back(text);
  return {};
}

}  // namespace

std::vector<Tool> action_tools() {
  return {
      {.name = "action-get", .flags = {}, .prints_value = true, .run = action_get},
      {.name = "action-set", .flags = {}, .run = action_set},
      {.name = "action-fail", .flags = {}, .run = action_fail},
      {.name = "action-log", .flags = {}, .run = action_log},
  };
}

}  // namespace rehearsal::tools
