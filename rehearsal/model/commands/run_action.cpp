// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/charm.hpp"
#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/commands/task_report.hpp"
#include "rehearsal/model/model.hpp"
#include "rehearsal/model/yaml_json.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <iostream>

namespace rehearsal::commands {
namespace {

using Json = nlohmann::json;

constexpr Millis longest_wait = 60 * one_minute;

/// The words before the action: units, or leaders of applications.
std::vector<std::string> targets_of(const Arguments& arguments) {
  std::vector<std::string> targets;
  for (const std::string& word : arguments.words()) {
    if (word.find('/') == std::string::npos) {
      break;
    }
    check_unit_name(word);
    targets.push_back(word);
  }
  if (targets.empty()) {
    throw tools::usage_error("no unit specified");
  }
  return targets;
}

/// The end of Juju 4's message.
std::string not_found(const Model& model) {
  return model.juju4() ? " (not found)" : "";
}

int enqueue(Model& model, const std::string& unit, const std::string& action, const Json& given) {
  const Charm& charm = model.application(app_of(unit)).charm;
  const auto spec = charm.actions.find(action);
  if (spec == charm.actions.end()) {
    throw UserError("action \"" + action + "\" not defined on unit \"" + unit + "\"" +
                    not_found(model));
  }
  const int id = model.next_task++;
  model.tasks[id] = Task{.id = id,
                         .unit = unit,
                         .action = action,
                         .params = action_params(action, spec->second, given, model.juju4()),
                         .enqueued = model.now};
  return id;
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

Json given_parameters(const Arguments& arguments, std::size_t first) {
  Json given = Json::object();
  if (const auto file = arguments.value("params")) {
    given = yaml_argument(read_file(*file));
    if (!given.is_object()) {
      throw UserError("params must contain a YAML map with string keys");
    }
  }
  given.update(action_arguments(
      {arguments.words().begin() + static_cast<std::ptrdiff_t>(first), arguments.words().end()},
      arguments.has("string-args")));
  return given;
}

int run_action(const SessionOptions& options, const Arguments& arguments) {
  const std::vector<std::string> targets = targets_of(arguments);
  const std::string action = required(arguments, targets.size(), "action");
  const Json given = given_parameters(arguments, targets.size() + 1);
  Session session(options);
  Model& model = session.model();
  std::vector<std::string> units;
  std::vector<int> ids;
  try {
    for (const std::string& target : targets) {
      units.push_back(unit_meant(model, target));
      ids.push_back(enqueue(model, units.back(), action, given));
    }
  } catch (const UserError& error) {
    if (!options.as_juju) {
      throw;
    }
    return report_nothing_scheduled(model, error);
  }
  const auto begin = std::chrono::steady_clock::now();
  session.settle();
  // The hooks run in this process, so a task that outlasts the wait has ended as well.
  if (std::chrono::steady_clock::now() - begin >
      std::chrono::milliseconds(wait_of(arguments, longest_wait))) {
    throw_timed_out(units);
  }
  std::vector<Task> tasks;
  for (const int id : ids) {
    tasks.push_back(model.tasks.at(id));
  }
  return report(tasks, arguments.value("format").value_or("plain"), print_plain);
}

int actions(const SessionOptions& options, const Arguments& arguments) {
  Session session(options);
  const Application& app = session.model().application(required(arguments, 0, "application"));
  if (const auto format = arguments.value("format"); format && *format != "default") {
    Json json = Json::object();
    for (const auto& [name, spec] : app.charm.actions) {
      json[name] = spec.description;
    }
    print_value(json, *format);
    return 0;
  }
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
  check_unit_name(word);
  return model.unit(word).name;
}

void check_unit_name(const std::string& word) {
  const bool is_leader = word.ends_with("/leader");
  if ((!is_unit_name(word) && !is_leader) || word.find('@') != std::string::npos) {
    throw UserError("invalid unit name \"" + word + "\"");
  }
}

std::vector<Command> action_commands() {
  return {
      {.name = "run",
       .usage = "UNIT|APPLICATION/leader... ACTION [KEY=VALUE...] [--string-args] [--params FILE] "
                "[--format json]",
       .summary = "Runs an action and waits for its results.",
       .details = "Each VALUE is YAML unless --string-args is given: 4711 is an integer, `a: b` is "
                  "a map, and several\nlines become one. The exit code is 1 if a task fails. If "
                  "no task is scheduled, it is 1 as well,\nbut 0 by the name juju.",
       .flags = {{.name = "format"},
                 {.name = "params"},
                 plain_flag("string-args"),
                 {.name = "wait"},
                 plain_flag("background"),
                 plain_flag("utc"),
                 plain_flag("color"),
                 plain_flag("no-color")},
       .run = run_action},
      {.name = "actions",
       .usage = "APPLICATION [--format default|json|yaml]",
       .summary = "Lists the actions of an application.",
       .flags = {{.name = "format"}},
       .run = actions},
  };
}

}  // namespace rehearsal::commands
