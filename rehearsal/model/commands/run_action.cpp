// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/charm.hpp"
#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/model.hpp"
#include "rehearsal/model/yaml_json.hpp"

#include <nlohmann/json.hpp>

#include <iostream>

namespace rehearsal::commands {
namespace {

using Json = nlohmann::json;

std::vector<std::string> units_meant(const Model& model, const Arguments& arguments,
                                     std::size_t& action_at) {
  std::vector<std::string> units;
  for (action_at = 0; action_at < arguments.words().size(); ++action_at) {
    const std::string& word = arguments.words()[action_at];
    if (word.find('/') == std::string::npos) {
      break;
    }
    units.push_back(unit_meant(model, word));
  }
  if (units.empty()) {
    throw tools::usage_error("no unit specified");
  }
  return units;
}

int enqueue(Model& model, const std::string& unit, const std::string& action, const Json& given) {
  const Charm& charm = model.application(app_of(unit)).charm;
  const auto spec = charm.actions.find(action);
  if (spec == charm.actions.end()) {
    throw UserError("action \"" + action + "\" not defined on unit \"" + unit + "\"");
  }
  const int id = model.next_task++;
  model.tasks[id] = Task{.id = id,
                         .unit = unit,
                         .action = action,
                         .params = action_params(action, spec->second, given, model.juju4()),
                         .enqueued = model.now};
  return id;
}

Json as_json(const Task& task) {
  Json json = {
      {"id", std::to_string(task.id)},
      {"unit", task.unit},
      {"status", task.status},
      {"results", Json::parse(task.results)},
      {"timing",
       {{"enqueued", format_time(task.enqueued)}, {"completed", format_time(task.completed)}}}};
  if (!task.message.empty()) {
    json["message"] = task.message;
  }
  if (!task.log.empty()) {
    json["log"] = task.log;
  }
  return json;
}

void print_plain(const std::vector<Task>& tasks) {
  std::cerr << "Running operation " << tasks.front().id << " with " << tasks.size() << " task"
            << (tasks.size() == 1 ? "" : "s") << "\n";
  for (const Task& task : tasks) {
    std::cerr << "  - task " << task.id << " on " << unit_tag(task.unit) << "\n";
  }
  std::cerr << "\n";
  for (const Task& task : tasks) {
    for (const std::string& line : task.log) {
      std::cerr << line << "\n";
    }
    Json results = Json::parse(task.results);
    results.erase("return-code");
    if (tasks.size() > 1) {
      results = Json{{task.unit, results}};
    }
    if (!results.empty()) {
      std::cout << json_to_yaml(results);
    }
    if (task.status != "completed") {
      std::cerr << "Action id " << task.id << " " << task.status << ": " << task.message << "\n";
    }
  }
}

int report(const std::vector<Task>& tasks, const std::string& format) {
  if (format == "json" || format == "yaml") {
    Json json = Json::object();
    for (const Task& task : tasks) {
      json[task.unit] = as_json(task);
    }
    std::cout << (format == "json" ? json.dump() + "\n" : json_to_yaml(json));
  } else {
    print_plain(tasks);
  }
  int failed = 0;
  for (const Task& task : tasks) {
    if (task.status != "completed") {
      std::cerr << (failed++ == 0 ? "ERROR the following tasks failed:\n" : "") << " - id \""
                << task.id << "\" on " << task.unit << "\n";
    }
  }
  return failed == 0 ? 0 : 1;
}

int run_action(const SessionOptions& options, const Arguments& arguments) {
  Session session(options);
  Model& model = session.model();
  std::size_t action_at = 0;
  const std::vector<std::string> units = units_meant(model, arguments, action_at);
  const std::string action = required(arguments, action_at, "action");
  const std::vector<std::string> words(
      arguments.words().begin() + static_cast<std::ptrdiff_t>(action_at) + 1,
      arguments.words().end());
  Json given = Json::object();
  if (const auto file = arguments.value("params")) {
    given = yaml_argument(read_file(*file));
    if (!given.is_object()) {
      throw UserError("params must contain a YAML map with string keys");
    }
  }
  given.update(action_arguments(words, arguments.has("string-args")));
  std::vector<int> ids;
  for (const std::string& unit : units) {
    ids.push_back(enqueue(model, unit, action, given));
  }
  session.settle();
  std::vector<Task> tasks;
  for (const int id : ids) {
    tasks.push_back(model.tasks.at(id));
  }
  return report(tasks, arguments.value("format").value_or("plain"));
}

int actions(const SessionOptions& options, const Arguments& arguments) {
  Session session(options);
  const Application& app = session.model().application(required(arguments, 0, "application"));
  for (const auto& [name, spec] : app.charm.actions) {
    std::cout << name << "\t" << spec.description << "\n";
  }
  return 0;
}

}  // namespace

std::string unit_meant(const Model& model, const std::string& word) {
  const std::size_t slash = word.find('/');
  if (slash != std::string::npos && word.substr(slash) == "/leader") {
    const std::string& leader = model.application(word.substr(0, slash)).leader;
    if (leader.empty()) {
      throw UserError("could not determine leader for \"" + word.substr(0, slash) + "\"");
    }
    return leader;
  }
  if (!is_unit_name(word) || word.find('@') != std::string::npos) {
    throw UserError("invalid unit name \"" + word + "\"");
  }
  return model.unit(word).name;
}

std::vector<Command> action_commands() {
  return {
      {.name = "run",
       .usage = "UNIT|APPLICATION/leader... ACTION [KEY=VALUE...] [--string-args] [--params FILE] "
                "[--format json]",
       .summary = "Runs an action and waits for its results.",
       .details = "Each VALUE is YAML unless --string-args is given: 4711 is an integer, `a: b` a "
                  "map, and lines\nbecome one. The exit code is 1 if a task failed, and also if "
                  "none was scheduled, where Juju has 0.",
       .flags = {{.name = "format"},
                 {.name = "params"},
                 {.name = "string-args", .short_name = {}, .takes_value = false},
                 {.name = "wait"},
                 {.name = "background", .short_name = {}, .takes_value = false}},
       .run = run_action},
      {.name = "actions",
       .usage = "APPLICATION",
       .summary = "Lists the actions of an application.",
       .details = "",
       .flags = {},
       .run = actions},
  };
}

}  // namespace rehearsal::commands
