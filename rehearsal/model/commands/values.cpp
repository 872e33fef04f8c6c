// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/commands/values.hpp"

#include "rehearsal/model/outcome.hpp"
#include "rehearsal/model/pod_spec.hpp"
#include "rehearsal/model/yaml_json.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>

namespace rehearsal::commands {
namespace {

const ConfigOption& option_of(const Application& app, const std::string& key) {
  const auto option = app.charm.options.find(key);
  if (option == app.charm.options.end()) {
    throw UserError("unknown option \"" + key + "\"");
  }
  return option->second;
}

void set_value(Application& app, const std::string& key, const std::string& text) {
  app.config[key] = parse_config_value(key, option_of(app, key), text);
}

}  // namespace

void set_config(Application& app, const std::string& setting) {
  const std::size_t equals = setting.find('=');
  if (equals == std::string::npos) {
    set_config_file(app, setting);
    return;
  }
  const std::string value = setting.substr(equals + 1);
  const bool from_file = value.size() > 1 && value[0] == '@';
  set_value(app, setting.substr(0, equals), from_file ? read_file(value.substr(1)) : value);
}

void set_config_file(Application& app, const std::string& path) {
  nlohmann::json values = yaml_to_json(read_file(path));
  if (values.is_object() && values.contains(app.name)) {
    values = nlohmann::json(values[app.name]);
  }
  if (!values.is_object()) {
    throw UserError(path + " holds no options");
  }
  for (const auto& [key, value] : values.items()) {
    set_value(app, key, value.is_string() ? value.get<std::string>() : value.dump());
  }
}

void reset_config(Application& app, const std::string& key) {
  static_cast<void>(option_of(app, key));
  app.config.erase(key);
}

void scale_application(Model& model, const std::string& name, int count) {
  Application& app = model.application(name);
  for (const std::string& unit : model.units_of(name)) {
    if (number_of(unit) >= count) {
      begin_removal(model, unit);
    }
  }
  app.scale = count;
  add_units(model, name, count);
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw UserError("cannot read " + path);
  }
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace rehearsal::commands
