// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/clock.hpp"
#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/commands/values.hpp"
#include "rehearsal/model/task_results.hpp"
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
    const std::size_t slash = word.find('/');
    if (slash == std::string::npos) {
      break;
    }
    if (word.substr(slash) == "/leader") {
      const std::string& leader = model.application(word.substr(0, slash)).leader;
      if (leader.empty()) {
        throw UserError("could not determine leader for \"" + word.substr(0, slash) + "\"");
      }
      units.push_back(leader);
    } else {
      units.push_back(model.unit(word).name);
    }
  }
  if (units.empty()) {
    throw tools::usage_error("no unit specified");
  }
  return units;
}

int enqueue(Model& model, const std::string& unit, const std::string& action,
            const std::vector<std::string>& params) {
  const Charm& charm = model.application(app_of(unit)).charm;
  const auto spec = charm.actions.find(action);
  if (spec == charm.actions.end()) {
    throw UserError("action \"" + action + "\" not defined on unit \"" + unit + "\"");
  }
  const int id = model.next_task++;
  model.tasks[id] = Task{.id = id,
                         .unit = unit,
                         .action = action,
                         .params = action_params(action, spec->second, params, model.juju4()),
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
  std::vector<std::string> params(
      arguments.words().begin() + static_cast<std::ptrdiff_t>(action_at) + 1,
      arguments.words().end());
  if (const auto file = arguments.value("params")) {
    const Json given = yaml_to_json(read_file(*file));  // items() refers to it.
    for (const auto& [key, value] : given.items()) {
      params.push_back(key + "=" + (value.is_string() ? value.get<std::string>() : value.dump()));
    }
  }
  std::vector<int> ids;
  for (const std::string& unit : units) {
    ids.push_back(enqueue(model, unit, action, params));
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

std::vector<Command> action_commands() {
  return {
      {.name = "run",
       .usage = "UNIT|APPLICATION/leader... ACTION [KEY=VALUE...] [--params FILE] [--format json]",
       .summary = "Runs an action and waits for its results.",
       .details = "The exit code is 1 if a task failed.",
       .flags = {{.name = "format"},
                 {.name = "params"},
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
