// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/actions/action.hpp"

#include "actions.hpp"
#include "charm/json/json_text.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace charm::actions {
namespace {

template <typename Value, typename Values>
Value value_of(const Values& values, const std::string& name) {
  const auto found = values.find(name);
  if (found == values.end()) {
    return {};
  }
  const auto* value = std::get_if<Value>(&found->second);
  if (value == nullptr) {
    throw Error("the parameter " + name + " has another type than actions.yaml says");
  }
  return *value;
}

}  // namespace

Parameters::Parameters(std::string_view json) {
  const auto object = parse_json(json);
  if (!object || !object->is_object()) {
    throw Error("action-get: no JSON object");
  }
  for (const auto& [name, value] : object->items()) {
    if (value.is_boolean()) {
      values_[name] = value.get<bool>();
    } else if (value.is_number_integer()) {
      const auto number = value.get<std::int64_t>();
      if (value.is_number_unsigned() && number < 0) {
        throw Failure("the parameter " + name + " is too large: " + value.dump());
      }
      values_[name] = number;
    } else if (value.is_string()) {
      values_[name] = value.get<std::string>();
    } else {
      throw Error("the parameter " + name + " has a type that this charm never asks for");
    }
  }
}

std::string Parameters::text(const std::string& name) const {
  return value_of<std::string>(values_, name);
}

std::int64_t Parameters::number(const std::string& name) const {
  return value_of<std::int64_t>(values_, name);
}

std::int64_t Parameters::number(const std::string& name, std::int64_t least,
                                std::int64_t most) const {
  const std::int64_t value = number(name);
  if (value < least || value > most) {
    throw Failure("the parameter " + name + " must be from " + std::to_string(least) + " to " +
                  std::to_string(most) + ": " + std::to_string(value));
  }
  return value;
}

bool Parameters::flag(const std::string& name) const {
  return value_of<bool>(values_, name);
}

void fail(const std::string& purpose, const Refusal& refusal) {
  switch (refusal.by) {
    case Refusal::By::database:
      throw Failure(refusal.reason);
    case Refusal::By::lost_pebble:
      throw Failure("Pebble does not answer: " + refusal.reason);
    default:
      throw Failure(purpose + ": " + refusal.reason);
  }
}

Answer ActionContext::perform(Step::What what, const std::string& purpose) {
  Answer answer = attempt(std::move(what));
  if (const auto* refusal = std::get_if<Refusal>(&answer)) {
    fail(purpose, *refusal);
  }
  return answer;
}

FoundDatabase ActionContext::open_database() {
  FoundDatabase found = find_database();
  perform(step::PrepareDatabase{found.server});
  return found;
}

std::string ActionContext::fetch(const Checksum& file) {
  return doors.downloads.fetch(file, {snapshot().proxies, plan().certificates});
}

}  // namespace charm::actions
