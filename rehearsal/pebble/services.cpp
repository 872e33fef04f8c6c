// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/services.hpp"

#include "rehearsal/pebble/refusal.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <stdexcept>

namespace rehearsal::pebble {
namespace {

/// The summary names one service and counts the others.
std::string summary_of(std::string action, const std::set<std::string>& names) {
  action.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(action.front())));
  if (names.empty()) {
    return action + " - no services";
  }
  const std::string summary = action + " service " + in_quotes(*names.begin());
  return names.size() == 1 ? summary
                           : summary + " and " + std::to_string(names.size() - 1) + " more";
}

}  // namespace

const Service* Services::find(const std::string& name) const {
  const auto found = services_.find(name);
  return found == services_.end() ? nullptr : found->second.get();
}

const LogRing* Services::log(const std::string& name) const {
  const Service* service = find(name);
  return service == nullptr ? nullptr : &service->log();
}

void Services::require_in_plan(const std::string& action,
                               const std::vector<std::string>& names) const {
  if (names.empty()) {
    bad_request("must specify services for " + action + " action");
  }
  for (const std::string& name : names) {
    if (!plans_.section("services").contains(name)) {
      bad_request("cannot " + action + " services: service " + in_quotes(name) + " does not exist");
    }
  }
}

Change& Services::act(const std::string& action, const std::vector<std::string>& names) {
  if (action == "replan") {
    return replan();
  }
  if (action != "start" && action != "stop" && action != "restart") {
    not_supported("the action " + in_quotes(action) + " of services");
  }
  require_in_plan(action, names);
  const std::vector<std::string> none;
  return change(action, action == "start" ? none : names, action == "stop" ? none : names);
}

/// Restarts services whose definition has changed since their start, even disabled ones. Starts
/// every enabled service.
Change& Services::replan() {
  std::vector<std::string> changed;
  std::vector<std::string> wanted;
  for (const auto& [name, definition] : plans_.section("services").items()) {
    const Service* service = find(name);
    const bool differs = service != nullptr && service->definition() != definition;
    if (differs) {
      changed.push_back(name);
    }
    if (differs || definition.value("startup", "") == "enabled") {
      wanted.push_back(name);
    }
  }
  return change("replan", changed, wanted);
}

/// All stops come before all starts.
Change& Services::change(const std::string& action, const std::vector<std::string>& stops,
                         const std::vector<std::string>& starts) {
  std::vector<TaskPlan> tasks;
  std::vector<std::size_t> positions;
  std::set<std::string> names(starts.begin(), starts.end());
  for (const std::string& name : stops) {
    names.insert(name);
    positions.push_back(tasks.size());
    tasks.push_back(stop_task(name));
  }
  for (const std::string& name : starts) {
    tasks.push_back(start_task(name));
    tasks.back().after = positions;
  }
  Change& change = changes_.create(action, summary_of(action, names), std::move(tasks));
  changes_.advance(change);
  return change;
}

TaskPlan Services::start_task(const std::string& name) {
  return {.kind = "start",
          .summary = "Start service " + in_quotes(name),
          .begin = [this, name](Task& task) {
            auto& service = services_[name];
            if (service == nullptr) {
              service = std::make_unique<Service>(machine_, changes_, name);
            }
            service->start(plans_.section("services").at(name), task);
          }};
}

TaskPlan Services::stop_task(const std::string& name) {
  return {.kind = "stop",
          .summary = "Stop service " + in_quotes(name),
          .begin = [this, name](Task& task) {
            const auto found = services_.find(name);
            if (found == services_.end()) {
              changes_.finish(task);
            } else {
              found->second->stop(task);
            }
          }};
}

Change* Services::stop_all() {
  std::vector<std::string> running;
  for (const auto& [name, service] : services_) {
    if (service->is_running()) {
      running.push_back(name);
    }
  }
  return running.empty() ? nullptr : &change("stop", running, {});
}

Duration Services::stop_timeout() const {
  constexpr Duration after_kill_delay(5100);
  Duration timeout(10'100);
  for (const auto& [name, service] : services_) {
    timeout = std::max(timeout, service->kill_delay() + after_kill_delay);
  }
  return timeout;
}

void Services::send_signal(const std::vector<std::string>& names, const std::string& signal) {
  std::string faults;
  for (const std::string& name : names) {
    try {
      const auto found = services_.find(name);
      if (found == services_.end()) {
        throw std::invalid_argument("service is not running");
      }
      found->second->send_signal(signal);
    } catch (const std::invalid_argument& fault) {
      faults += (faults.empty() ? "" : "; ") + std::string("cannot send signal to ") +
                in_quotes(name) + ": " + fault.what();
    }
  }
  if (!faults.empty()) {
    throw Refusal(500, faults);
  }
}

void Services::check_failed(const std::string& check) {
  for (const auto& [name, service] : services_) {
    const auto actions = service->definition().value("on-check-failure", TextMap());
    const auto action = actions.find(check);
    if (action != actions.end() && action->second == "restart") {
      service->check_failed();
    }
  }
}

}  // namespace rehearsal::pebble
