// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/outcome.hpp"
#include "rehearsal/model/pod_spec.hpp"
#include "rehearsal/model/secrets.hpp"
#include "rehearsal/model/store.hpp"
#include "rehearsal/model/yaml_json.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <iostream>
#include <sstream>

namespace rehearsal::commands {
namespace {

using Json = nlohmann::json;

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

Secret& user_secret(Model& model, const std::string& reference) {
  const auto id = secret_id_of(reference);
  for (auto& [secret_id, secret] : model.secrets) {
    if (secret.owner.empty() && (secret.name == reference || secret_id == id)) {
      return secret;
    }
  }
  throw UserError("secret \"" + reference + "\" not found");
}

/// `key=value` or `key#file=PATH`.
Bag content_of(const Arguments& arguments) {
  constexpr std::string_view from_file = "#file";
  Bag content;
  for (std::size_t index = 1; index < arguments.words().size(); ++index) {
    auto [key, value] = key_and_value(arguments.words()[index]);
    if (key.ends_with(from_file)) {
      key.resize(key.size() - from_file.size());
      value = read_file(value);
    }
    content[key] = value;
  }
  if (content.empty()) {
    throw tools::usage_error("missing secret value or filename");
  }
  return content;
}

int add_secret(const SessionOptions& options, const Arguments& arguments) {
  const std::string name = required(arguments, 0, "secret name");
  const Bag content = content_of(arguments);
  Session session(options);
  Model& model = session.model();
  for (const auto& [id, secret] : model.secrets) {
    if (secret.owner.empty() && secret.name == name) {
      throw UserError("secret with name \"" + name + "\" already exists");
    }
  }
  const std::string id = new_secret_id(model);
  model.secrets[id] = Secret{.id = id, .name = name, .revisions = {{1, {.content = content}}}};
  session.save();
  std::cout << "secret:" << id << "\n";
  return 0;
}

int update_secret(const SessionOptions& options, const Arguments& arguments) {
  const std::string reference = required(arguments, 0, "secret");
  const Bag content = content_of(arguments);
  Session session(options);
  Secret& secret = user_secret(session.model(), reference);
  if (secret.revisions.at(secret.latest()).content != content) {
    secret.revisions[secret.latest() + 1] = SecretRevision{.content = content};
  }
  session.settle();
  return 0;
}

int grant_secret(const SessionOptions& options, const Arguments& arguments) {
  const std::string reference = required(arguments, 0, "secret");
  const std::string app = required(arguments, 1, "application");
  Session session(options);
  static_cast<void>(session.model().application(app));
  // As in Juju no hook tells the application of it.
  user_secret(session.model(), reference).grants.push_back({.relation = -1, .target = app});
  session.save();
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

std::vector<Command> config_commands() {
  return {{.name = "config",
           .usage = "APPLICATION [KEY | KEY=VALUE... | --reset KEY,... | --file FILE]",
           .summary = "Shows, sets or resets options of an application.",
           .details = "KEY=@FILE takes the value from a file.",
           .flags = {{.name = "reset"}, {.name = "file"}, {.name = "format"}},
           .run = config}};
}

std::vector<Command> secret_commands() {
  return {
      {.name = "add-secret",
       .usage = "NAME KEY=VALUE...",
       .summary = "Adds a secret of the model's user; KEY#file=PATH takes a file.",
       .details = "",
       .flags = {},
       .run = add_secret},
      {.name = "update-secret",
       .usage = "NAME|ID KEY=VALUE...",
       .summary = "Gives a secret of the model's user a new revision.",
       .details = "",
       .flags = {},
       .run = update_secret},
      {.name = "grant-secret",
       .usage = "NAME|ID APPLICATION",
       .summary = "Lets an application read a secret of the model's user.",
       .details = "",
       .flags = {},
       .run = grant_secret},
  };
}

}  // namespace rehearsal::commands
