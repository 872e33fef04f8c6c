// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/store.hpp"
#include "rehearsal/model/yaml_json.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <iostream>
#include <sstream>

namespace rehearsal::commands {
namespace {

using Json = nlohmann::json;

constexpr const char* trust_option = "trust";

const ConfigOption& option_of(const Application& app, const std::string& key) {
  const auto option = app.charm.options.find(key);
  if (option == app.charm.options.end()) {
    throw UserError("unknown option \"" + key + "\"");
  }
  return option->second;
}

void set_value(Application& app, const std::string& key, const std::string& text) {
  if (key == trust_option && app.charm.options.count(key) == 0) {
    const ConfigOption truth{.type = "boolean", .default_value = {}, .description = {}};
    app.trust = std::get<bool>(parse_config_value(key, truth, text));
    return;
  }
  app.config[key] = parse_config_value(key, option_of(app, key), text);
}

Json describe(const Application& app, const std::string& name, const ConfigOption& option) {
  const auto set = app.config.find(name);
  Json json = {{"type", option.type}, {"description", option.description}};
  if (option.default_value) {
    json["default"] = config_to_json(*option.default_value);
  }
  json["source"] = set != app.config.end() ? "user" : option.default_value ? "default" : "unset";
  if (set != app.config.end()) {
    json["value"] = config_to_json(set->second);
  } else if (option.default_value) {
    json["value"] = config_to_json(*option.default_value);
  }
  return json;
}

void print_all(const Application& app, const std::string& format) {
  Json settings = Json::object();
  for (const auto& [name, option] : app.charm.options) {
    settings[name] = describe(app, name, option);
  }
  const Json trust = {{"type", "bool"},
                      {"description", "Does this application have access to trusted credentials"},
                      {"default", false},
                      {"source", app.trust ? "user" : "default"},
                      {"value", app.trust}};
  print_value({{"application", app.name},
               {"application-config", {{"trust", trust}}},
               {"charm", app.charm.name},
               {"settings", settings}},
              format);
}

void print_one(const Application& app, const std::string& key) {
  const auto option = app.charm.options.find(key);
  if (option == app.charm.options.end()) {
    throw UserError("key \"" + key + "\" not found in \"" + app.name +
                    "\" application config or charm settings.");
  }
  const Json value = describe(app, key, option->second).value("value", Json());
  std::cout << (value.is_string() ? value.get<std::string>()
                : value.is_null() ? std::string()
                                  : value.dump())
            << "\n";
}

bool changes_anything(const Arguments& arguments) {
  return arguments.value("reset") || arguments.value("file") ||
         (arguments.words().size() > 1 && arguments.words()[1].find('=') != std::string::npos);
}

void change(Application& app, const Arguments& arguments) {
  Application next = app;
  for (const std::string& keys : arguments.values("reset")) {
    for (const std::string& key : comma_separated(keys)) {
      reset_config(next, key);
    }
  }
  if (const auto file = arguments.value("file")) {
    set_config_file(next, *file);
  }
  for (std::size_t index = 1; index < arguments.words().size(); ++index) {
    static_cast<void>(key_and_value(arguments.words()[index]));
    set_config(next, arguments.words()[index]);
  }
  app = next;
}

int config(const SessionOptions& options, const Arguments& arguments) {
  const std::string name = required(arguments, 0, "application name");
  Session session(options);
  Application& app = session.model().application(name);
  if (changes_anything(arguments)) {
    change(app, arguments);
    session.settle();
    return 0;
  }
  arguments.at_most(2);
  if (arguments.words().size() == 2) {
    print_one(app, arguments.word(1));
  } else {
    print_all(app, arguments.value("format").value_or("yaml"));
  }
  return 0;
}

int trust(const SessionOptions& options, const Arguments& arguments) {
  const std::string name = required(arguments, 0, "application");
  arguments.at_most(1);
  const std::string scope = arguments.value("scope").value_or("cluster");
  if (scope != "cluster") {
    throw UserError("scope \"" + scope + "\" not valid");
  }
  Session session(options);
  session.model().application(name).trust = !arguments.has("remove");
  session.settle();
  return 0;
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
    throw UserError(path + " contains no options");
  }
  for (const auto& [key, value] : values.items()) {
    set_value(app, key, value.is_string() ? value.get<std::string>() : value.dump());
  }
}

void reset_config(Application& app, const std::string& key) {
  if (key == trust_option && app.charm.options.count(key) == 0) {
    app.trust = false;
    return;
  }
  static_cast<void>(option_of(app, key));
  app.config.erase(key);
}

std::vector<std::string> comma_separated(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream list(text);
  for (std::string part; std::getline(list, part, ',');) {
    parts.push_back(part);
  }
  return parts;
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

std::vector<Command> config_commands() {
  return {{.name = "config",
           .usage = "APPLICATION [KEY | KEY=VALUE... | --reset KEY,... | --file FILE]",
           .summary = "Shows, sets or resets options of an application.",
           .details = "KEY=@FILE reads the value from a file.",
           .flags = {{.name = "reset"}, {.name = "file"}, {.name = "format"}},
           .run = config},
          {.name = "trust",
           .usage = "APPLICATION [--remove] [--scope cluster]",
           .summary = "Gives an application access to the cloud's credentials.",
           .flags = {plain_flag("remove"), {.name = "scope"}},
           .run = trust}};
}

}  // namespace rehearsal::commands
