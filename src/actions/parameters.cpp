// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/actions/parameters.hpp"

#include "charm/domain/error.hpp"

#include <nlohmann/json.hpp>

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
  const auto object = nlohmann::json::parse(json, nullptr, false);
  if (!object.is_object()) {
    throw Error("action-get: no JSON object");
  }
  for (const auto& [name, value] : object.items()) {
    if (value.is_boolean()) {
      values_[name] = value.get<bool>();
    } else if (value.is_number_integer()) {
      values_[name] = value.get<std::int64_t>();
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

bool Parameters::flag(const std::string& name) const {
  return value_of<bool>(values_, name);
}

}  // namespace charm::actions
