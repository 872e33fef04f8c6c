// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/checks.hpp"

#include "rehearsal/pebble/agent_log.hpp"
#include "rehearsal/pebble/probe.hpp"

#include <algorithm>
#include <thread>

namespace rehearsal::pebble {
namespace {

constexpr const char* perform = "perform-check";
constexpr const char* recover = "recover-check";

std::string kind_of(const Check& check) {
  if (check.http) {
    return "HTTP";
  }
  return check.tcp ? "TCP" : "exec";
}

bool is_enabled(const Check& check) {
  return check.startup != "disabled";
}

std::string failures_text(int count) {
  return std::to_string(count) + (count == 1 ? " failure" : " failures");
}

}  // namespace

Check with_service_context(const Plan& plan, Check check) {
  if (!check.exec || check.exec->service_context.empty()) {
    return check;
  }
  const Service& service = plan.services.at(check.exec->service_context);
  ExecCheck& exec = *check.exec;
  exec.environment.insert(service.environment.begin(), service.environment.end());
  exec.user_id = exec.user_id ? exec.user_id : service.user_id;
  exec.group_id = exec.group_id ? exec.group_id : service.group_id;
  exec.user = exec.user.empty() ? service.user : exec.user;
  exec.group = exec.group.empty() ? service.group : exec.group;
  exec.working_dir = exec.working_dir.empty() ? service.working_dir : exec.working_dir;
  return check;
}

Checks::Checks(StateLock& lock, Changes& changes, Processes& processes, const Plans& plans,
               FailureHandler on_failure)
    : lock_(lock),
      changes_(changes),
      processes_(processes),
      plans_(plans),
      on_failure_(std::move(on_failure)) {}

Checks::~Checks() {
  shut_down();
}

void Checks::shut_down() {
  auto held = lock_.hold();
  for (const auto& [name, run] : runs_) {
    run->stopping = true;
  }
  lock_.changed.notify_all();
  lock_.changed.wait(held, [this] { return threads_ == 0; });
}

void Checks::set_info(CheckInfo& info, const Check& check) const {
  info.name = check.name;
  info.level = check.level;
  info.startup = check.startup.empty() ? "enabled" : check.startup;
  info.threshold = check.threshold;
  if (info.change_id.empty()) {
    info.status = "inactive";
  } else {
    info.status = info.failures >= info.threshold ? "down" : "up";
  }
}

Change& Checks::new_change(Run& run, const std::string& kind) {
  const std::string verb = kind == perform ? "Perform " : "Recover ";
  const std::string summary = verb + kind_of(run.config) + " check " + go_quoted(run.config.name);
  const TaskPlan task{.kind = kind, .summary = summary, .begin = [](Task&) {}};
  Change& change = changes_.create(kind, summary, {task}, {}, {{"check-name", run.config.name}});
  changes_.advance(change);
  run.task = change.tasks.front().get();
  run.info->prev_change_id = run.info->change_id;
  run.info->change_id = change.id;
  return change;
}

void Checks::begin(const Check& check) {
  auto& info = infos_[check.name];
  info = std::make_unique<CheckInfo>();
  const auto run = std::make_shared<Run>();
  run->config = check;
  run->info = info.get();
  new_change(*run, perform);
  set_info(*info, check);
  runs_[check.name] = run;
  ++threads_;
  std::thread([this, run] { watch(run); }).detach();
}

void Checks::end(Run& run) {
  run.stopping = true;
  Task& task = *run.task;
  runs_.erase(run.config.name);
  changes_.abort(*task.change);
  changes_.finish(task);
  lock_.changed.notify_all();
}

/// Whether a running check stays as it is under a new plan.
bool Checks::adopt(Run& run, const Plan& plan) {
  const auto next = plan.checks.find(run.config.name);
  if (next == plan.checks.end()) {
    return false;
  }
  const bool switched_off = is_enabled(run.config) && !is_enabled(next->second);
  return switched_off || with_service_context(plan, next->second) == run.config;
}

void Checks::plan_changed(const Plan& plan) {
  std::vector<std::shared_ptr<Run>> outdated;
  std::vector<std::string> restart;
  for (const auto& [name, run] : runs_) {
    if (!adopt(*run, plan)) {
      outdated.push_back(run);
    }
  }
  for (const auto& run : outdated) {
    end(*run);
    restart.push_back(run->config.name);
  }
  for (const auto& [name, check] : plan.checks) {
    if (runs_.contains(name)) {
      continue;
    }
    const bool was_running = std::find(restart.begin(), restart.end(), name) != restart.end();
    if (is_enabled(check) || was_running) {
      begin(with_service_context(plan, check));
    } else {
      auto& info = infos_[name];
      info = std::make_unique<CheckInfo>();
      set_info(*info, check);
    }
  }
}

void Checks::replan() {
  for (const auto& [name, check] : plans_.plan().checks) {
    if (is_enabled(check) && !runs_.contains(name)) {
      begin(check);
    }
  }
}

std::vector<std::string> Checks::start(const std::vector<std::string>& names) {
  std::vector<std::string> started;
  for (const std::string& name : names) {
    if (!runs_.contains(name)) {
      begin(plans_.plan().checks.at(name));
      started.push_back(name);
    }
  }
  std::sort(started.begin(), started.end());
  return started;
}

std::vector<std::string> Checks::stop(const std::vector<std::string>& names) {
  std::vector<std::string> stopped;
  for (const std::string& name : names) {
    const auto found = runs_.find(name);
    if (found == runs_.end()) {
      continue;
    }
    const std::shared_ptr<Run> run = found->second;
    end(*run);
    // The counts stay, for whoever wants to know how it was when it was stopped.
    run->info->change_id.clear();
    run->info->status = "inactive";
    stopped.push_back(name);
  }
  std::sort(stopped.begin(), stopped.end());
  return stopped;
}

std::vector<CheckInfo> Checks::list() const {
  std::vector<CheckInfo> infos;
  for (const auto& [name, info] : infos_) {
    infos.push_back(*info);
  }
  return infos;
}

Checks::Refreshed Checks::refresh(const Check& check) {
  auto held = lock_.hold();
  const auto run = runs_.find(check.name);
  const auto info = [&] {
    const auto found = infos_.find(check.name);
    return found == infos_.end() ? CheckInfo{} : *found->second;
  };
  if (run == runs_.end()) {
    held.unlock();
    const auto error = probe(check, lock_, processes_);
    held.lock();
    return {info(), error};
  }
  const std::shared_ptr<Run> active = run->second;
  const auto ticket = std::make_shared<Ticket>();
  active->refreshes.push_back(ticket);
  lock_.changed.notify_all();
  lock_.changed.wait(held, [&] { return ticket->done || active->stopping; });
  return {info(), ticket->error};
}

/// The thread of one check. It looks at nothing but its run once that is stopping.
void Checks::watch(const std::shared_ptr<Run>& run) {
  auto held = lock_.hold();
  const Duration period = period_of(run->config);
  auto next = std::chrono::steady_clock::now() + period;
  while (!run->stopping) {
    const bool woken = lock_.changed.wait_until(
        held, next, [&] { return run->stopping || !run->refreshes.empty(); });
    if (run->stopping) {
      break;
    }
    held.unlock();
    const auto error = probe(run->config, lock_, processes_);
    held.lock();
    if (run->stopping) {
      break;
    }
    record(*run, error);
    const auto time = std::chrono::steady_clock::now();
    next = woken ? time + period : std::max(next + period, time);
    if (woken) {
      run->refreshes.front()->error = error;
      run->refreshes.front()->done = true;
      run->refreshes.pop_front();
      lock_.changed.notify_all();
    }
  }
  --threads_;
  lock_.changed.notify_all();
}

void Checks::record(Run& run, const std::optional<std::string>& error) {
  if (error) {
    record_failure(run, *error);
  } else {
    record_success(run);
  }
  set_info(*run.info, run.config);
}

void Checks::record_failure(Run& run, const std::string& error) {
  const int failures = ++run.info->failures;
  note("Check " + go_quoted(run.config.name) + " failure " + std::to_string(failures) + "/" +
       std::to_string(run.config.threshold) + ": " + error);
  if (run.task->kind == recover || failures < run.config.threshold) {
    changes_.log(*run.task, "ERROR", error);
    return;
  }
  on_failure_(run.config.name);
  changes_.finish(*run.task, error);
  new_change(run, recover);
}

void Checks::record_success(Run& run) {
  if (run.task->kind == recover) {
    run.info->successes = 1;
    run.info->failures = 0;
    changes_.finish(*run.task);
    new_change(run, perform);
    return;
  }
  ++run.info->successes;
  if (const int failures = std::exchange(run.info->failures, 0); failures > 0) {
    changes_.log(*run.task, "INFO", "succeeded after " + failures_text(failures));
  }
}

}  // namespace rehearsal::pebble
