// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/charm.hpp"
#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/model.hpp"
#include "rehearsal/model/yaml_json.hpp"
#include "rehearsal/pods/cluster.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
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

Cluster& cluster_of(Session& session) {
  auto* cluster = dynamic_cast<Cluster*>(&session.machine());
  if (cluster == nullptr) {
    throw MachineError("this needs the rehearsal's own pods, not REHEARSAL_MACHINE=local");
  }
  return *cluster;
}

int execute(const SessionOptions& options, const Arguments& arguments) {
  const std::string unit = required(arguments, 0, "unit");
  static_cast<void>(required(arguments, 1, "command"));
  Session session(options);
  static_cast<void>(session.model().unit(unit));
  const Execution execution{
      .argv = {arguments.words().begin() + 1, arguments.words().end()},
      .environment = {{"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
                      {"HOME", "/root"},
                      {"LANG", "C.UTF-8"}},
      .directory = "/",
      .on_line = [](bool is_stderr, const std::string& line) {
        (is_stderr ? std::cerr : std::cout) << line << "\n";
      }};
  const std::string container = arguments.value("container").value_or("charm");
  if (container == "charm") {
    return session.machine().execute(unit, execution).exit_code;
  }
  return cluster_of(session).execute_in(unit, container, execution).exit_code;
}

std::uint16_t port_of(const std::string& text) {
  const int port = whole_number(text, 0);
  if (port > 65535) {
    throw tools::usage_error("no port: " + text);
  }
  return static_cast<std::uint16_t>(port);
}

int port_forward(const SessionOptions& options, const Arguments& arguments) {
  const std::string unit = required(arguments, 0, "unit");
  const std::string ports = required(arguments, 1, "port");
  const std::size_t colon = ports.find(':');
  const std::uint16_t local = port_of(ports.substr(0, colon));
  const std::uint16_t remote =
      colon == std::string::npos ? local : port_of(ports.substr(colon + 1));
  // The model is not kept locked while connections are relayed.
  Cluster cluster(models_directory() / options.model / "machine", options.model,
                  find_programs(program_directory()));
  if (!cluster.pod_exists(unit)) {
    throw UserError("unit \"" + unit + "\" not found");
  }
  const bool detach = arguments.has("detach");
  if (!detach) {
    std::cerr << "Forwarding from 127.0.0.1:" << local << " -> " << remote << std::endl;
  }
  const std::uint16_t port = cluster.port_forward(unit, local, remote, detach);
  if (detach) {
    std::cout << port << "\n";
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

std::vector<Command> execution_commands() {
  return {
      {.name = "exec",
       .usage = "UNIT [--container CONTAINER] -- COMMAND [ARGUMENT...]",
       .summary = "Runs a command in a unit's charm or workload container.",
       .details = "As kubectl exec, without a terminal. In the charm container it runs as the "
                  "charm's user.",
       .flags = {{.name = "container", .short_name = "c"}},
       .run = execute},
      {.name = "port-forward",
       .usage = "UNIT LOCAL[:REMOTE] [--detach]",
       .summary = "Makes a port of a unit reachable at 127.0.0.1.",
       .details = "LOCAL may be 0 with --detach: a free port is taken and printed. It then runs "
                  "until the model is\ndestroyed.",
       .flags = {{.name = "detach", .short_name = "d", .takes_value = false}},
       .run = port_forward},
  };
}

}  // namespace rehearsal::commands
