// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_pebble.hpp"
#include "tests/support/fake_pebble_answers.hpp"

namespace test {
namespace {

using Json = nlohmann::json;

Json done_task(const std::string& kind, const std::string& summary) {
  return {{"kind", kind}, {"summary", summary}, {"status", "Done"}};
}

/// What start() of a service ends with that dies in its first second.
Json quick_exit_task(const std::string& summary, const std::vector<std::string>& output) {
  const std::string reason = "service start attempt: exited quickly with code 1, will restart";
  Json task = {{"kind", "start"}, {"summary", summary}, {"status", "Error"}};
  if (!output.empty()) {
    std::string entry = "2026-01-02T03:04:05Z INFO Most recent service output:";
    for (const std::string& line : output) {
      entry += "\n    " + line;
    }
    task["log"].push_back(entry);
  }
  task["log"].push_back("2026-01-02T03:04:05Z ERROR " + reason);
  task["error"] = "- " + summary + " (" + reason + ")";  // Taken out again by new_change().
  return task;
}

}  // namespace

Json FakePebble::send_signal(const Json& body) {
  for (const Json& service : body.at("services")) {
    const std::string name = service;
    if (current(name) != "active") {
      throw PebbleRefusal{500, "cannot send signal to \"" + name + "\": service is not running"};
    }
    signals.push_back(body.at("signal").get<std::string>() + " " + name);
  }
  return true;
}

std::string FakePebble::current(const std::string& service) const {
  const auto found = state_->services.find(service);
  return found == state_->services.end() ? "inactive" : found->second.current;
}

int FakePebble::starts(const std::string& service) const {
  const auto found = state_->services.find(service);
  return found == state_->services.end() ? 0 : found->second.starts;
}

void FakePebble::end(const std::string& service, int exit_code) {
  FakeService& ended = state_->services.at(service);
  const std::string action =
      ended.started_with.value(exit_code == 0 ? "on-success" : "on-failure", "restart");
  const std::string ignored = exit_code == 0 ? "inactive" : "error";
  ended.current = action == "restart" ? "backoff" : ignored;
}

Json FakePebble::service_list() const {
  Json list = Json::array();
  const Json planned = plan().value("services", Json::object());
  for (const auto& [name, service] : planned.items()) {
    list.push_back({{"name", name},
                    {"startup", service.value("startup", "disabled")},
                    {"current", current(name)}});
  }
  return list;
}

std::vector<std::string> FakePebble::named_services(const Json& body) const {
  const auto names = body.value("services", std::vector<std::string>());
  if (names.empty()) {
    throw PebbleRefusal{400, "no services to " + body.value("action", "")};
  }
  const Json known = plan().value("services", Json::object());
  for (const std::string& name : names) {
    if (!known.contains(name)) {
      throw PebbleRefusal{400, "service \"" + name + "\" does not exist"};
    }
  }
  return names;
}

Json FakePebble::change_services(const Json& body) {
  const std::string action = body.value("action", "");
  posts.push_back("/v1/services " + action);
  if (action == "replan") {
    if (body.contains("services")) {
      throw PebbleRefusal{400, "replan accepts no service names"};
    }
    return new_change(action, replan_tasks());
  }
  if (action != "start" && action != "stop" && action != "restart") {
    throw PebbleRefusal{400, "invalid action \"" + action + "\""};
  }
  Json tasks = Json::array();
  const auto names = named_services(body);
  for (const std::string& name : names) {
    if (action != "start") {
      tasks.push_back(stop_task(name));
    }
  }
  for (const std::string& name : names) {
    if (action != "stop") {
      tasks.push_back(start_task(name));
    }
  }
  return new_change(action, tasks);
}

/// Services ever started whose definition has changed since are stopped and started, even disabled
/// ones; and every enabled service is started.
Json FakePebble::replan_tasks() {
  Json tasks = Json::array();
  const Json planned = plan().value("services", Json::object());
  for (const auto& [name, definition] : planned.items()) {
    const auto known = state_->services.find(name);
    const bool changed =
        known != state_->services.end() && known->second.started_with != definition;
    if (changed && known->second.current != "inactive") {
      tasks.push_back(stop_task(name));
    }
    if (changed || definition.value("startup", "") == "enabled") {
      tasks.push_back(start_task(name));
    }
  }
  return tasks;
}

Json FakePebble::start_task(const std::string& name) {
  const std::string summary = "Start service \"" + name + "\"";
  FakeService& service = state_->services[name];
  if (service.current == "active") {
    return done_task("start", summary);
  }
  if (not_in_image.count(name) != 0) {
    return {{"kind", "start"},
            {"summary", summary},
            {"status", "Error"},
            {"error", "- " + summary + " (cannot start service: fork/exec: no such file)"}};
  }
  service.started_with = plan().at("services").at(name);
  ++service.starts;
  if (const auto quick = exits_quickly.find(name); quick != exits_quickly.end()) {
    // on-failure is `restart` unless the layer says otherwise.
    service.current =
        service.started_with.value("on-failure", "restart") == "restart" ? "backoff" : "error";
    return quick_exit_task(summary, quick->second);
  }
  service.current = "active";
  return done_task("start", summary);
}

Json FakePebble::stop_task(const std::string& name) {
  if (const auto known = state_->services.find(name); known != state_->services.end()) {
    known->second.current = "inactive";
  }
  return done_task("stop", "Stop service \"" + name + "\"");
}

Json FakePebble::new_change(const std::string& kind, Json tasks) {
  Json change = {{"id", std::to_string(state_->changes.size() + 1)},
                 {"kind", kind},
                 {"status", "Done"},
                 {"ready", true},
                 {"summary", tasks.empty() ? "Replan - no services"
                                           : tasks.front().at("summary").get<std::string>()}};
  std::string error;
  for (Json& task : tasks) {
    if (task.contains("error")) {
      error += "\n" + task.at("error").get<std::string>();
      task.erase("error");
    }
  }
  if (!error.empty()) {
    change["status"] = "Error";
    change["err"] = "cannot perform the following tasks:" + error;
  }
  if (!tasks.empty()) {
    change["tasks"] = std::move(tasks);
  }
  state_->changes.push_back(change);
  return change;
}

Json FakePebble::change(const std::string& path) const {
  const bool waits = path.ends_with("/wait");
  for (Json change : state_->changes) {
    const std::string own = "/v1/changes/" + change.at("id").get<std::string>();
    if (path != own && path != own + "/wait") {
      continue;
    }
    if (stuck && waits) {
      throw PebbleRefusal{504, "timed out waiting for change"};
    }
    change["ready"] = !stuck;
    return change;
  }
  throw PebbleRefusal{404, "cannot find change"};
}

}  // namespace test
