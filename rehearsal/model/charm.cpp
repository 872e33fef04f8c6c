// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/charm.hpp"

#include "rehearsal/model/yaml_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <regex>
#include <sstream>

namespace rehearsal {
namespace {

using Json = nlohmann::json;

Json read_yaml_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) {
    return Json::object();
  }
  std::ostringstream text;
  text << file.rdbuf();
  try {
    Json value = yaml_to_json(text.str());
    return value.is_object() ? value : Json::object();
  } catch (const std::exception& error) {
    throw UserError(path.string() + ": " + error.what());
  }
}

std::string text_of(const Json& object, const char* key, const std::string& otherwise = {}) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) {
    return otherwise;
  }
  return found->is_string() ? found->get<std::string>() : found->dump();
}

Json object_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_object() ? *found : Json::object();
}

void read_endpoints(Charm& charm, const Json& metadata, const char* section, Role role) {
  const Json endpoints = object_of(metadata, section);
  for (const auto& [name, value] : endpoints.items()) {
    const Json details = value.is_object() ? value : Json{{"interface", value}};
    Endpoint endpoint{.name = name, .interface = text_of(details, "interface"), .role = role};
    const auto limit = details.find("limit");
    if (limit != details.end() && limit->is_number_integer()) {
      endpoint.limit = limit->get<int>();
    }
    charm.endpoints[name] = endpoint;
  }
}

void read_containers(Charm& charm, const Json& metadata) {
  const Json containers = object_of(metadata, "containers");
  for (const auto& [name, value] : containers.items()) {
    ContainerMeta container;
    if (value.is_object()) {
      container.resource = text_of(value, "resource");
      for (const Json& mount : value.value("mounts", Json::array())) {
        container.mounts.push_back({text_of(mount, "storage"), text_of(mount, "location")});
      }
    }
    charm.containers[name] = container;
  }
}

void read_storage(Charm& charm, const Json& metadata) {
  const Json stores = object_of(metadata, "storage");
  for (const auto& [name, value] : stores.items()) {
    StorageSpec storage{.type = text_of(value, "type", "filesystem"),
                        .location = text_of(value, "location")};
    const Json multiple = object_of(value, "multiple");
    const std::string range = text_of(multiple, "range", "1");
    storage.minimum = range.empty() || range[0] < '0' || range[0] > '9' ? 1 : range[0] - '0';
    charm.storage[name] = storage;
  }
}

void read_metadata(Charm& charm, const Json& metadata) {
  charm.name = text_of(metadata, "name");
  charm.summary = text_of(metadata, "summary");
  charm.user = text_of(metadata, "charm-user", "root");
  read_endpoints(charm, metadata, "provides", Role::provider);
  read_endpoints(charm, metadata, "requires", Role::requirer);
  read_endpoints(charm, metadata, "peers", Role::peer);
  const Json bindings = object_of(metadata, "extra-bindings");
  for (const auto& [name, unused] : bindings.items()) {
    charm.extra_bindings.insert(name);
  }
  read_containers(charm, metadata);
  read_storage(charm, metadata);
  const Json resources = object_of(metadata, "resources");
  for (const auto& [name, value] : resources.items()) {
    charm.resources[name] = text_of(value, "type", "oci-image");
    if (charm.resources[name] == "file") {
      charm.resource_files[name] = text_of(value, "filename", name);
    }
  }
}

ConfigValue default_of(const std::string& name, const ConfigOption& option, const Json& value) {
  if (value.is_boolean()) {
    return value.get<bool>();
  }
  if (value.is_number_integer() && option.type != "float") {
    return value.get<std::int64_t>();
  }
  if (value.is_number()) {
    return value.get<double>();
  }
  return parse_config_value(name, option,
                            value.is_string() ? value.get<std::string>() : value.dump());
}

void read_options(Charm& charm, const Json& config) {
  const Json options = object_of(config, "options");
  for (const auto& [name, value] : options.items()) {
    ConfigOption option{.type = text_of(value, "type", "string"),
                        .default_value = {},
                        .description = text_of(value, "description")};
    const auto standard = value.find("default");
    if (standard != value.end() && !standard->is_null()) {
      option.default_value = default_of(name, option, *standard);
    }
    charm.options[name] = option;
  }
}

void read_actions(Charm& charm, const Json& actions) {
  for (const auto& [name, value] : actions.items()) {
    ActionSpec action{.description = text_of(value, "description")};
    const Json params = object_of(value, value.contains("params") ? "params" : "properties");
    action.params = params.dump();
    if (value.is_object()) {
      action.required = value.value("required", std::vector<std::string>{});
      action.additional_properties = value.value("additionalProperties", true);
    }
    charm.actions[name] = action;
  }
}

template <typename Number>
ConfigValue parse_number(const std::string& name, const char* type, const std::string& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw UserError("option \"" + name + "\" expected " + type + ", got \"" + text + "\"");
  }
  return number;
}

bool is_whole(const Json& value) {
  return value.is_number_integer() ||
         (value.is_number_float() && std::trunc(value.get<double>()) == value.get<double>());
}

bool has_type(const Json& value, const std::string& type) {
  return type.empty() || (type == "string" && value.is_string()) ||
         (type == "integer" && is_whole(value)) || (type == "number" && value.is_number()) ||
         (type == "boolean" && value.is_boolean()) || (type == "array" && value.is_array()) ||
         (type == "object" && value.is_object());
}

[[noreturn]] void refuse(const std::string& path, const std::string& rule, const Json& value) {
  throw UserError("validation failed: " + path + " : " + rule + ", given " + value.dump());
}

void check_value(const std::string& path, const Json& schema, const Json& value);

void check_members(const std::string& path, const Json& schema, const Json& value) {
  const Json properties = object_of(schema, "properties");
  for (const auto& [key, member] : value.items()) {
    if (!properties.contains(key) && !schema.value("additionalProperties", true)) {
      refuse(path, "additional property \"" + key + "\" is not allowed", value);
    }
    check_value(path + "." + key, properties.value(key, Json()), member);
  }
  for (const std::string& key : schema.value("required", std::vector<std::string>())) {
    if (!value.contains(key)) {
      refuse(path, "\"" + key + "\" property is missing and required", value);
    }
  }
}

void check_value(const std::string& path, const Json& schema, const Json& value) {
  if (!schema.is_object()) {
    return;
  }
  const std::string type = text_of(schema, "type");
  if (!has_type(value, type)) {
    refuse(path, "must be of type " + type, value);
  }
  const Json allowed = schema.value("enum", Json::array());
  if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
    const std::string list = allowed.dump();
    refuse(path, "must match one of the enum values " + list, value);
  }
  if (value.is_object()) {
    check_members(path, schema, value);
  }
}

/// The defaults of a schema's properties, under what is given.
Json with_defaults(const Json& properties, const Json& given) {
  Json result = given;
  for (const auto& [key, property] : properties.items()) {
    if (!property.is_object()) {
      continue;
    }
    const Json nested = object_of(property, "properties");
    if (!result.contains(key) && property.contains("default")) {
      result[key] = property["default"];
    } else if (!nested.empty() && (!result.contains(key) || result[key].is_object())) {
      Json filled = with_defaults(nested, result.value(key, Json::object()));
      if (result.contains(key) || !filled.empty()) {
        result[key] = std::move(filled);
      }
    }
  }
  return result;
}

/// Puts a value at the place that a key with dots names.
void insert_nested(Json& object, const std::string& key, Json value) {
  static const std::regex valid("[a-z0-9](?:[a-z0-9-]*[a-z0-9])?");
  Json* place = &object;
  std::istringstream parts(key);
  for (std::string part; std::getline(parts, part, '.');) {
    if (!std::regex_match(part, valid)) {
      throw UserError("key \"" + part +
                      "\" must start and end with lowercase alphanumeric, and contain only "
                      "lowercase alphanumeric and hyphens");
    }
    if (!place->is_object()) {
      *place = Json::object();
    }
    place = &(*place)[part];
  }
  *place = std::move(value);
}

}  // namespace

Charm read_charm(const std::filesystem::path& directory) {
  const Json project = read_yaml_file(directory / "charmcraft.yaml");
  Json metadata = read_yaml_file(directory / "metadata.yaml");
  Charm charm;
  read_metadata(charm, metadata.contains("name") ? metadata : project);
  if (charm.name.empty()) {
    throw UserError(directory.string() +
                    " is not a charm: neither metadata.yaml nor charmcraft.yaml has a name");
  }
  const Json config = read_yaml_file(directory / "config.yaml");
  read_options(charm, config.contains("options") ? config : object_of(project, "config"));
  const Json actions = read_yaml_file(directory / "actions.yaml");
  read_actions(charm, actions.empty() ? object_of(project, "actions") : actions);
  return charm;
}

std::string charm_url(const Charm& charm, int revision) {
  return "local:" + charm.name + "-" + std::to_string(revision);
}

ConfigValue parse_config_value(const std::string& name, const ConfigOption& option,
                               const std::string& text) {
  if (option.type == "int") {
    return parse_number<std::int64_t>(name, "int", text);
  }
  if (option.type == "float") {
    return parse_number<double>(name, "float", text);
  }
  if (option.type == "boolean") {
    if (const std::optional<bool> value = go_bool(text)) {
      return *value;
    }
    throw UserError("option \"" + name + "\" expected boolean, got \"" + text + "\"");
  }
  if (option.type == "secret" && !text.empty() && text.rfind("secret:", 0) != 0) {
    throw UserError("option \"" + name + "\" expected secret, got \"" + text + "\"");
  }
  return text;
}

std::string with_output(const std::string& results, const std::string& out, const std::string& err,
                        int return_code) {
  Json tree = Json::parse(results);
  for (const auto& [key, text] : {std::pair("stdout", out), std::pair("stderr", err)}) {
    if (!text.empty()) {
      tree[key] = text;
    }
  }
  tree["return-code"] = return_code;
  return tree.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json action_arguments(const std::vector<std::string>& arguments, bool as_strings) {
  Json given = Json::object();
  for (const std::string& argument : arguments) {
    const std::size_t equals = argument.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw UserError("argument \"" + argument + "\" must be of the form key.key.key...=value");
    }
    const std::string value = argument.substr(equals + 1);
    insert_nested(given, argument.substr(0, equals),
                  as_strings ? Json(value) : yaml_argument(value));
  }
  return given;
}

std::string action_params(const std::string& action, const ActionSpec& spec, const Json& given,
                          bool strict) {
  const Json schema = Json::parse(spec.params);
  for (const auto& [key, value] : given.items()) {
    if (!schema.contains(key) && (strict || !spec.additional_properties)) {
      throw UserError("validation failed: (root) : additional property \"" + key +
                      "\" is not allowed, given " + given.dump());
    }
    check_value("(root)." + key, schema.value(key, Json()), value);
  }
  const Json params = with_defaults(schema, given);
  for (const std::string& key : spec.required) {
    if (!params.contains(key)) {
      throw UserError("validation failed: (root) : \"" + key +
                      "\" property is missing and required for action \"" + action + "\"");
    }
  }
  return params.dump();
}

nlohmann::json config_to_json(const ConfigValue& value) {
  // Go writes a float without a fraction as an integer.
  if (const double* real = std::get_if<double>(&value);
      real != nullptr && std::trunc(*real) == *real && std::abs(*real) < 1e15) {
    return static_cast<std::int64_t>(*real);
  }
  return std::visit([](const auto& held) { return Json(held); }, value);
}

}  // namespace rehearsal
