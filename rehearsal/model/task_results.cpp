// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/task_results.hpp"

#include "rehearsal/model/base64.hpp"
#include "rehearsal/model/yaml_json.hpp"

#include <nlohmann/json.hpp>

namespace rehearsal {
namespace {

using Json = nlohmann::json;

bool is_utf8(const std::string& text) {
  try {
    static_cast<void>(Json(text).dump());
    return true;
  } catch (const Json::type_error&) {
    return false;
  }
}

void put_output(Json& results, const std::string& key, const std::string& text) {
  if (text.empty()) {
    return;
  }
  if (is_utf8(text)) {
    results[key] = text;
  } else {
    results[key] = encode_base64(text);
    results[key + "-encoding"] = "base64";
  }
}

bool has_type(const Json& value, const std::string& type) {
  return type.empty() || (type == "string" && value.is_string()) ||
         (type == "integer" && value.is_number_integer()) ||
         (type == "number" && value.is_number()) || (type == "boolean" && value.is_boolean()) ||
         (type == "array" && value.is_array()) || (type == "object" && value.is_object());
}

/// As Juju does, an argument is read as YAML; a string option keeps its text.
Json typed(const std::string& key, const Json& schema, const std::string& text) {
  const std::string type = schema.is_object() ? schema.value("type", "") : "";
  Json value = type == "string" ? Json(text) : yaml_to_json(text);
  if (!has_type(value, type)) {
    throw UserError("validation failed: (root)." + key + " : must be of type " + type + ", given " +
                    text);
  }
  return value;
}

}  // namespace

std::string with_output(const std::string& results, const std::string& out, const std::string& err,
                        int return_code) {
  Json tree = Json::parse(results);
  put_output(tree, "stdout", out);
  put_output(tree, "stderr", err);
  tree["return-code"] = return_code;
  return tree.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string action_params(const std::string& action, const ActionSpec& spec,
                          const std::vector<std::string>& arguments, bool strict) {
  const Json schema = Json::parse(spec.params);
  Json params = Json::object();
  for (const auto& [key, property] : schema.items()) {
    if (property.is_object() && property.contains("default")) {
      params[key] = property["default"];
    }
  }
  for (const std::string& argument : arguments) {
    const std::size_t equals = argument.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw UserError("argument \"" + argument + "\" must be of the form key.key.key...=value");
    }
    const std::string key = argument.substr(0, equals);
    if (!schema.contains(key) && (strict || !spec.additional_properties)) {
      throw UserError("validation failed: (root) : additional property \"" + key +
                      "\" is not allowed, given {\"" + key + "\":...}");
    }
    params[key] = typed(key, schema.value(key, Json()), argument.substr(equals + 1));
  }
  for (const std::string& key : spec.required) {
    if (!params.contains(key)) {
      throw UserError("validation failed: (root) : \"" + key +
                      "\" property is missing and required for action \"" + action + "\"");
    }
  }
  return params.dump();
}

}  // namespace rehearsal
