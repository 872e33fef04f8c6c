// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/commands/task_report.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>

namespace rehearsal::commands {
namespace {

using Json = nlohmann::json;

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

int return_code(const Task& task) {
  const Json results = Json::parse(task.results);
  return results.value("return-code", 0);
}

bool has_failed(const Task& task) {
  return task.status != "completed" || return_code(task) != 0;
}

/// Says which tasks failed, as Juju does. Returns the exit code.
int print_failed(const std::vector<Task>& tasks) {
  const auto count = std::count_if(tasks.begin(), tasks.end(), has_failed);
  if (count == 0) {
    return 0;
  }
  const std::string plural = count == 1 ? "" : "s";
  std::cerr << "ERROR the following task" << plural << " failed:\n";
  for (const Task& task : tasks) {
    if (has_failed(task)) {
      std::cerr << " - id \"" << task.id << "\" with return code " << return_code(task) << "\n";
    }
  }
  std::cerr << "\nuse 'juju show-task' to inspect the failure" << plural << "\n";
  return 1;
}

}  // namespace

int report(const std::vector<Task>& tasks, const std::string& format,
           void (*print)(const std::vector<Task>&)) {
  if (format == "plain") {
    print(tasks);
  } else {
    Json json = Json::object();
    for (const Task& task : tasks) {
      json[task.unit] = as_json(task);
    }
    print_value(json, format);
  }
  return print_failed(tasks);
}

Millis wait_of(const Arguments& arguments, Millis standard) {
  const auto wait = arguments.value("wait");
  return wait ? duration_of(*wait) : standard;
}

void throw_timed_out(const std::vector<std::string>& units) {
  std::string list;
  for (const std::string& unit : units) {
    list += (list.empty() ? "unit " : ", unit ") + unit;
  }
  throw UserError("timed out waiting for results from: " + list);
}

int report_nothing_scheduled(const Model& model, const UserError& error) {
  if (model.juju4()) {
    throw error;
  }
  std::cerr << "Operation " << model.next_task << " failed to schedule any tasks:\n"
            << error.what() << std::endl;
  return 0;
}

}  // namespace rehearsal::commands
