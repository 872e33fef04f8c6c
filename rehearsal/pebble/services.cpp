// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/services.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <stdexcept>

namespace rehearsal::pebble {
namespace {

constexpr Duration least_stop_timeout = std::chrono::milliseconds(10'100);
constexpr Duration after_kill_delay = std::chrono::milliseconds(5'100);

std::string capitalised(std::string text) {
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text;
}

/// The summary names one service and counts the others.
std::string summary_of(const std::string& action, const std::string& first, std::size_t count) {
  const std::string summary = capitalised(action) + " service " + go_quoted(first);
  return count == 1 ? summary : summary + " and " + std::to_string(count - 1) + " more";
}

std::size_t count_of(const Lanes& lanes) {
  std::size_t count = 0;
  for (const auto& lane : lanes) {
    count += lane.size();
  }
  return count;
}

Lanes only(const Lanes& lanes, const std::vector<std::string>& names) {
  Lanes result;
  for (const auto& lane : lanes) {
    std::vector<std::string> kept;
    std::copy_if(lane.begin(), lane.end(), std::back_inserter(kept), [&](const auto& name) {
      return std::find(names.begin(), names.end(), name) != names.end();
    });
    result.push_back(kept);
  }
  return result;
}

}  // namespace

Services::Services(ServiceHost host, const Plans& plans) : host_(std::move(host)), plans_(plans) {}

ManagedService* Services::find(const std::string& name) {
  const auto found = services_.find(name);
  return found == services_.end() ? nullptr : found->second.get();
}

ManagedService& Services::ensure(const Service& config) {
  auto& service = services_[config.name];
  if (service == nullptr) {
    service = std::make_unique<ManagedService>(host_, config);
  }
  return *service;
}

const LogRing* Services::log(const std::string& name) const {
  const auto found = services_.find(name);
  return found == services_.end() ? nullptr : &found->second->log();
}

std::vector<ServiceInfo> Services::list(const std::vector<std::string>& names) const {
  std::vector<ServiceInfo> infos;
  for (const auto& [name, config] : plans_.plan().services) {
    if (!names.empty() && std::find(names.begin(), names.end(), name) == names.end()) {
      continue;
    }
    const bool enabled = config.startup == "enabled";
    ServiceInfo info{name, enabled ? "enabled" : "disabled", "inactive", std::nullopt};
    if (const auto found = services_.find(name); found != services_.end()) {
      info.current = found->second->current();
      info.current_since = found->second->current_since();
    }
    infos.push_back(info);
  }
  return infos;
}

std::vector<std::string> Services::enabled() const {
  std::vector<std::string> names;
  for (const auto& [name, config] : plans_.plan().services) {
    if (config.startup == "enabled") {
      names.push_back(name);
    }
  }
  std::vector<std::string> ordered;
  for (const auto& lane : start_lanes(plans_.plan(), names)) {
    ordered.insert(ordered.end(), lane.begin(), lane.end());
  }
  return ordered;
}

TaskPlan Services::start_task(const std::string& name, int lane) {
  return {.kind = "start",
          .summary = "Start service " + go_quoted(name),
          .lane = lane,
          .begin =
              [this, name](Task& task) {
                const auto config = plans_.plan().services.find(name);
                if (config == plans_.plan().services.end()) {
                  host_.changes.finish(task, "cannot find service " + go_quoted(name) + " in plan");
                  return;
                }
                ensure(config->second).start(config->second, task);
              },
          .interrupt = [this, name](Task& task) { find(name)->abort_start(task); }};
}

TaskPlan Services::stop_task(const std::string& name, int lane) {
  return {.kind = "stop",
          .summary = "Stop service " + go_quoted(name),
          .lane = lane,
          .begin = [this, name](Task& task) {
            if (ManagedService* service = find(name)) {
              service->stop(task);
              return;
            }
            host_.changes.log(task, "INFO",
                              "Service " + go_quoted(name) + " has never been started.");
            host_.changes.finish(task);
          }};
}

/// All stops come before all starts; within a lane each task waits for the one before it.
std::vector<TaskPlan> Services::tasks(const Lanes& stops, const Lanes& starts) {
  std::vector<TaskPlan> tasks;
  std::vector<std::size_t> stop_positions;
  int lane_number = 0;
  const auto add_lanes = [&](const Lanes& lanes, auto make, bool stopping) {
    for (const auto& lane : lanes) {
      ++lane_number;
      for (std::size_t i = 0; i < lane.size(); ++i) {
        TaskPlan task = (this->*make)(lane[i], lane_number);
        if (!stopping) {
          task.after = stop_positions;
        }
        if (i > 0) {
          task.after.push_back(tasks.size() - 1);
        }
        tasks.push_back(std::move(task));
      }
    }
  };
  add_lanes(stops, &Services::stop_task, true);
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    stop_positions.push_back(i);
  }
  add_lanes(starts, &Services::start_task, false);
  return tasks;
}

Change& Services::act(const std::string& action, const std::vector<std::string>& names) {
  const Plan& plan = plans_.plan();
  Lanes stops;
  Lanes starts;
  if (action == "stop") {
    stops = stop_lanes(plan, names);
  } else {
    starts = start_lanes(plan, names);
  }
  const std::size_t count = count_of(stops) + count_of(starts);
  if (action == "restart") {
    stops = only(stop_lanes(plan, names), names);
  }
  Change& change = host_.changes.create(action, summary_of(action, names.front(), count),
                                        tasks(stops, starts), names);
  host_.changes.advance(change);
  return change;
}

/// The services whose definition is no longer the one they were started with; they take over the
/// new one.
std::vector<std::string> Services::take_changed() {
  std::vector<std::string> changed;
  for (const auto& [name, service] : services_) {
    const auto config = plans_.plan().services.find(name);
    if (config != plans_.plan().services.end() && config->second != service->config()) {
      service->set_config(config->second);
      changed.push_back(name);
    }
  }
  return changed;
}

Change& Services::replan() {
  const Plan& plan = plans_.plan();
  const std::vector<std::string> changed = take_changed();
  std::vector<std::string> wanted = changed;
  for (const std::string& name : enabled()) {
    const auto& config = plan.services.at(name);
    if (config.startup == "enabled") {
      wanted.push_back(name);
    }
  }
  const Lanes stops = stop_lanes(plan, changed);
  const Lanes starts = start_lanes(plan, wanted);
  std::set<std::string> touched;
  for (const Lanes* lanes : {&stops, &starts}) {
    for (const auto& lane : *lanes) {
      touched.insert(lane.begin(), lane.end());
    }
  }
  const std::string summary = touched.empty()
                                  ? "Replan - no services"
                                  : summary_of("replan", *touched.begin(), touched.size());
  Change& change = host_.changes.create("replan", summary, tasks(stops, starts),
                                        {touched.begin(), touched.end()});
  host_.changes.advance(change);
  return change;
}

Change* Services::stop_all() {
  std::vector<std::string> running;
  std::vector<std::string> all;
  for (const auto& [name, config] : plans_.plan().services) {
    all.push_back(name);
    if (const ManagedService* service = find(name); service != nullptr && service->is_running()) {
      running.push_back(name);
    }
  }
  if (running.empty()) {
    return nullptr;
  }
  const Lanes stops = only(stop_lanes(plans_.plan(), all), running);
  Change& change = host_.changes.create("stop", "Stop all running services", tasks(stops, {}));
  host_.changes.advance(change);
  return &change;
}

Duration Services::stop_timeout() const {
  Duration timeout = least_stop_timeout;
  for (const auto& [name, service] : services_) {
    timeout = std::max(timeout, service->kill_delay() + after_kill_delay);
  }
  return timeout;
}

void Services::send_signal(const std::vector<std::string>& names, const std::string& signal) {
  std::string faults;
  for (const std::string& name : names) {
    try {
      ManagedService* service = find(name);
      if (service == nullptr) {
        throw std::invalid_argument("service is not running");
      }
      service->send_signal(signal);
    } catch (const std::invalid_argument& fault) {
      faults += (faults.empty() ? "" : "; ") + std::string("cannot send signal to ") +
                go_quoted(name) + ": " + fault.what();
    }
  }
  if (!faults.empty()) {
    throw std::invalid_argument(faults);
  }
}

void Services::check_failed(const std::string& check) {
  for (const auto& [name, service] : services_) {
    const auto action = service->config().on_check_failure.find(check);
    if (action != service->config().on_check_failure.end()) {
      service->check_failed(action->second);
    }
  }
}

}  // namespace rehearsal::pebble
