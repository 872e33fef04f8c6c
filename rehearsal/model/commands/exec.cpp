// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// `juju exec`: commands in the context of a hook.

#include "rehearsal/model/charm.hpp"
#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/commands/task_report.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>

namespace rehearsal::commands {
namespace {

using Json = nlohmann::json;

constexpr Millis exec_wait = 5 * one_minute;

void print_output(const std::vector<Task>& tasks) {
  for (const Task& task : tasks) {
    const Json results = Json::parse(task.results);
    std::cout << (tasks.size() > 1 ? task.unit + ":\n" : "") << results.value("stdout", "");
    std::cout.flush();
    std::cerr << results.value("stderr", "");
    std::cout << (tasks.size() > 1 ? "\n" : "");
  }
}

std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char character : word) {
    text += character == '\'' ? std::string("'\\''") : std::string(1, character);
  }
  return text + "'";
}

/// One word is the whole command; several are quoted for the shell.
std::string shell_command(const std::vector<std::string>& words) {
  if (words.size() == 1) {
    return words[0];
  }
  std::string command;
  for (const std::string& word : words) {
    command += (command.empty() ? "" : " ") + quoted(word);
  }
  return command;
}

/// The units that --unit, --application and their short forms name.
std::vector<std::string> exec_targets(const Model& model, const Arguments& arguments) {
  std::vector<std::string> units;
  const auto each = [&arguments](std::string_view flag, auto&& use) {
    for (const std::string& value : arguments.values(flag)) {
      std::ranges::for_each(comma_separated(value), use);
    }
  };
  each("unit", [&](const std::string& name) { units.push_back(unit_meant(model, name)); });
  each("application", [&](const std::string& name) {
    static_cast<void>(model.application(name));
    const std::vector<std::string> members = model.units_of(name);
    units.insert(units.end(), members.begin(), members.end());
  });
  return units;
}

Task run_commands(Session& session, const std::string& unit, const std::string& commands,
                  Millis limit) {
  Model& model = session.model();
  Task task{.id = model.next_task++,
            .unit = unit,
            .action = "juju-exec",
            .status = "completed",
            .enqueued = model.now};
  std::string out;
  std::string err;
  const ExecutionResult result =
      session.controller().execute(unit, {.argv = {"/bin/bash", "-c", commands},
                                          .environment = {},
                                          .directory = {},
                                          .limit = std::chrono::milliseconds(limit),
                                          .on_line = [&](bool is_stderr, const std::string& line) {
                                            (is_stderr ? err : out) += line + "\n";
                                          }});
  if (result.timed_out) {
    throw_timed_out({unit});
  }
  task.results = with_output(task.results, out, err, result.exit_code);
  task.completed = model.now;
  return task;
}

}  // namespace

int exec_in_hook_context(const SessionOptions& options, const Arguments& arguments) {
  if (arguments.words().empty()) {
    throw UserError("no commands specified");
  }
  if (arguments.value("machine") || arguments.has("all")) {
    throw UserError("unable to target machines with a k8s controller");
  }
  Session session(options);
  std::vector<std::string> units;
  try {
    units = exec_targets(session.model(), arguments);
  } catch (const UserError& error) {
    return report_nothing_scheduled(session.model(), error);
  }
  if (units.empty()) {
    throw UserError(
        "You must specify a target, either through --all, --machine, --application or --unit");
  }
  std::vector<Task> tasks;
  for (const std::string& unit : units) {
    tasks.push_back(run_commands(session, unit, shell_command(arguments.words()),
                                 wait_of(arguments, exec_wait)));
    session.model().tasks[tasks.back().id] = tasks.back();
  }
  session.settle();
  return report(tasks, arguments.value("format").value_or("plain"), print_output);
}

}  // namespace rehearsal::commands
