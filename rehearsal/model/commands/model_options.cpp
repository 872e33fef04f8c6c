// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// The options and the constraints of a model.

#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/model.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>

namespace rehearsal::commands {
namespace {

using Json = nlohmann::json;

constexpr const char* interval_option = "update-status-hook-interval";
constexpr const char* retry_option = "automatically-retry-hooks";

bool truth(const std::string& text) {
  if (text != "true" && text != "false") {
    throw tools::usage_error("expected true or false, got \"" + text + "\"");
  }
  return text == "true";
}

void reset_option(Model& model, const std::string& key) {
  const Model fresh;
  if (key == retry_option) {
    model.automatically_retry_hooks = fresh.automatically_retry_hooks;
  } else if (key == interval_option) {
    model.update_status_interval = fresh.update_status_interval;
  }
  model.settings.erase(key);
}

Json option(const Json& value, bool is_set) {
  return {{"Value", value}, {"Source", is_set ? "model" : "default"}};
}

Json options_of(const Model& model) {
  Json json = {{"agent-version", option(model.juju_version, true)},
               {"name", option(model.name, true)},
               {"seed", option(model.seed, true)},
               {"type", option("kubernetes", true)},
               {"uuid", option(model.uuid, true)},
               {retry_option, option(true, false)},
               {interval_option, option("5m", false)}};
  for (const auto& [key, value] : model.settings) {
    json[key] = option(key == retry_option ? Json(value == "true") : Json(value), true);
  }
  return json;
}

bool is_setting(const std::string& word) {
  return word.find('=') != std::string::npos;
}

int model_config(const SessionOptions& options, const Arguments& arguments) {
  Session session(options);
  Model& model = session.model();
  const auto& words = arguments.words();
  if (arguments.value("reset") || std::any_of(words.begin(), words.end(), is_setting)) {
    for (const std::string& keys : arguments.values("reset")) {
      for (const std::string& key : comma_separated(keys)) {
        reset_option(model, key);
      }
    }
    for (const std::string& word : words) {
      const auto [key, value] = key_and_value(word);
      set_model_option(model, key, value);
    }
    session.save();
    return 0;
  }
  arguments.at_most(1);
  const Json all = options_of(model);
  const auto text = [](const Json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
  };
  if (!words.empty()) {
    if (!all.contains(words[0])) {
      throw UserError("key \"" + words[0] + "\" not found in \"" + model.name + "\" model.");
    }
    std::cout << text(all[words[0]]["Value"]) << "\n";
  } else if (const auto format = arguments.value("format"); format && *format != "tabular") {
    print_value(all, *format);
  } else {
    for (const auto& [key, entry] : all.items()) {
      std::cout << key << ": " << text(entry["Value"]) << "\n";
    }
  }
  return 0;
}

/// A constraint as Juju shows it: a size in MiB and a count as numbers.
Json constraint(const std::string& key, const std::string& text) {
  const bool is_size = key == "mem" || key == "root-disk";
  const std::size_t unit =
      is_size && !text.empty() ? std::string("MGTP").find(text.back()) : std::string::npos;
  const std::string digits = unit == std::string::npos ? text : text.substr(0, text.size() - 1);
  const bool is_count = key == "cores" || key == "cpu-power";
  if (key == "allocate-public-ip") {
    return truth(text);
  }
  if (!is_size && !is_count) {
    return text;
  }
  if (digits.empty() || digits.size() > 9 ||
      digits.find_first_not_of("0123456789") != std::string::npos) {
    throw UserError("bad \"" + key + "\" constraint: must be a non-negative " +
                    (is_size ? "float with optional M/G/T/P suffix" : "integer"));
  }
  std::int64_t number = std::stoll(digits);
  for (std::size_t step = 0; unit != std::string::npos && step < unit; ++step) {
    number *= 1024;
  }
  return number;
}

void check_constraint(const std::string& key, const std::string& value) {
  static const std::vector<std::string> known{
      "allocate-public-ip", "arch",      "container",       "cores", "cpu-power", "image-id",
      "instance-role",      "mem",       "instance-type",   "tags",  "spaces",    "zones",
      "root-disk",          "virt-type", "root-disk-source"};
  if (std::find(known.begin(), known.end(), key) == known.end()) {
    throw UserError("unknown constraint \"" + key + "\"");
  }
  static_cast<void>(constraint(key, value));
}

int set_model_constraints(const SessionOptions& options, const Arguments& arguments) {
  Bag constraints;
  for (const std::string& word : arguments.words()) {
    const auto [key, value] = key_and_value(word);
    check_constraint(key, value);
    constraints[key] = value;
  }
  Session session(options);
  session.model().constraints = constraints;
  session.save();
  std::cerr << "The rehearsal stores the constraints; they have no effect." << std::endl;
  return 0;
}

int model_constraints(const SessionOptions& options, const Arguments& arguments) {
  Session session(options);
  const auto format = arguments.value("format");
  Json json = Json::object();
  std::string plain;
  for (const auto& [key, value] : session.model().constraints) {
    json[key] = constraint(key, value);
    plain += (plain.empty() ? "" : " ") + key + "=" + value;
  }
  if (format && *format != "constraints") {
    print_value(json, *format);
  } else if (!plain.empty()) {
    std::cout << plain << "\n";
  }
  return 0;
}

}  // namespace

void set_model_option(Model& model, const std::string& key, const std::string& value) {
  if (key == retry_option) {
    model.automatically_retry_hooks = truth(value);
  } else if (key == interval_option) {
    const auto interval = parse_duration(value);
    if (!interval || *interval <= 0) {
      throw UserError(
          "invalid update status hook interval in model configuration: time: invalid "
          "duration \"" +
          value + "\"");
    }
    model.update_status_interval = *interval;
    for (auto& [name, unit] : model.units) {
      unit.update_status_due = std::min(unit.update_status_due, model.now + *interval);
    }
  } else {
    std::cerr << "The rehearsal stores the model option " << key << "; it has no effect."
              << std::endl;
  }
  model.settings[key] = value;
}

std::vector<Command> model_option_commands() {
  return {
      {.name = "model-config",
       .usage = "[KEY | KEY=VALUE... | --reset KEY,...] [--format tabular|json|yaml]",
       .summary = "Shows, sets or resets options of the model.",
       .details = "Only automatically-retry-hooks and update-status-hook-interval have an effect. "
                  "Other options are stored.",
       .flags = {{.name = "format"}, {.name = "reset"}},
       .run = model_config},
      {.name = "model-constraints",
       .usage = "[--format constraints|json|yaml]",
       .summary = "Shows the constraints of the model.",
       .flags = {{.name = "format"}},
       .run = model_constraints},
      {.name = "set-model-constraints",
       .usage = "KEY=VALUE...",
       .summary = "Stores constraints of the model; they have no effect.",
       .run = set_model_constraints},
  };
}

}  // namespace rehearsal::commands
