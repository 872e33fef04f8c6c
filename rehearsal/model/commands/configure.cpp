// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/commands/values.hpp"
#include "rehearsal/model/model_json.hpp"
#include "rehearsal/model/yaml_json.hpp"

#include <nlohmann/json.hpp>

#include <iostream>
#include <sstream>

namespace rehearsal::commands {
namespace {

using Json = nlohmann::json;

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
  const Json json = {{"application", app.name}, {"charm", app.charm.name}, {"settings", settings}};
  std::cout << (format == "json" ? json.dump() + "\n" : json_to_yaml(json));
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
    std::istringstream list(keys);
    for (std::string key; std::getline(list, key, ',');) {
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

}  // namespace

std::vector<Command> config_commands() {
  return {{.name = "config",
           .usage = "APPLICATION [KEY | KEY=VALUE... | --reset KEY,... | --file FILE]",
           .summary = "Shows, sets or resets options of an application.",
           .details = "KEY=@FILE takes the value from a file.",
           .flags = {{.name = "reset"}, {.name = "file"}, {.name = "format"}},
           .run = config}};
}

}  // namespace rehearsal::commands
