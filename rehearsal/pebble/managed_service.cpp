// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/managed_service.hpp"

#include "rehearsal/pebble/agent_log.hpp"
#include "rehearsal/pebble/command_line.hpp"
#include "rehearsal/pebble/signal_names.hpp"

#include <algorithm>
#include <csignal>
#include <stdexcept>

namespace rehearsal::pebble {
namespace {

using std::chrono::seconds;

constexpr Duration okay_delay = seconds(1);
constexpr Duration default_kill_delay = seconds(5);
constexpr Duration default_backoff_limit = seconds(30);
constexpr std::size_t shown_log_lines = 20;

std::string current_name(ServiceState state) {
  switch (state) {
    case ServiceState::starting:
    case ServiceState::running:
      return "active";
    case ServiceState::terminating:
    case ServiceState::killing:
    case ServiceState::stopped:
      return "inactive";
    case ServiceState::backoff:
      return "backoff";
    case ServiceState::initial:
    case ServiceState::exited:
      break;
  }
  return "error";
}

}  // namespace

ManagedService::ManagedService(ServiceHost& host, const Service& config)
    : host_(host), config_(config), log_(config.name) {}

std::string ManagedService::current() const {
  return current_name(state_);
}

bool ManagedService::is_running() const {
  return state_ == ServiceState::starting || state_ == ServiceState::running ||
         state_ == ServiceState::backoff;
}

Duration ManagedService::kill_delay() const {
  return config_.kill_delay.value_or(default_kill_delay);
}

Duration ManagedService::backoff_limit() const {
  return config_.backoff_limit.value_or(default_backoff_limit);
}

void ManagedService::log_output(Task& task) {
  host_.changes.log(task, "INFO",
                    "Most recent service output:\n" + log_.last_lines(shown_log_lines, "    "));
}

void ManagedService::transition(ServiceState state, bool restarting) {
  if (current_name(state_) != current_name(state)) {
    current_since_ = now();
  }
  state_ = state;
  restarting_ = restarting;
}

void ManagedService::finish_start(const std::optional<std::string>& error) {
  if (start_task_ != nullptr) {
    Task& task = *std::exchange(start_task_, nullptr);
    host_.changes.finish(task, error);
  }
}

void ManagedService::finish_stop(const std::optional<std::string>& error) {
  if (stop_task_ != nullptr) {
    Task& task = *std::exchange(stop_task_, nullptr);
    host_.changes.finish(task, error);
  }
}

void ManagedService::start(const Service& config, Task& task) {
  config_ = config;
  switch (state_) {
    case ServiceState::starting:
    case ServiceState::running:
      host_.changes.log(task, "INFO", "Service " + go_quoted(config_.name) + " already started.");
      host_.changes.finish(task);
      return;
    case ServiceState::terminating:
    case ServiceState::killing:
      host_.changes.finish(task, std::string("cannot start service while ") +
                                     (state_ == ServiceState::killing ? "killing" : "terminating"));
      return;
    default:
      break;
  }
  backoff_count_ = 0;
  backoff_ = Duration(0);
  transition(ServiceState::initial);
  try {
    launch();
  } catch (const std::exception& error) {
    transition(ServiceState::stopped);
    host_.changes.finish(task, error.what());
    return;
  }
  transition(ServiceState::starting);
  start_task_ = &task;
  host_.timers.after(okay_delay, [this, run = run_] { okay_delay_elapsed(run); });
}

Command ManagedService::command() const {
  Command command{
      .arguments = service_arguments(config_.name, config_.command),
      .environment = config_.environment,
      .working_dir = config_.working_dir,
      .account = find_account(config_.user_id, config_.group_id, config_.user, config_.group),
      .own_process_group = true};
  const auto entry = command.account ? find_user(command.account->user) : std::nullopt;
  if (entry && command.environment["HOME"].empty()) {
    command.environment["HOME"] = entry->home;
  }
  if (entry && command.environment["USER"].empty()) {
    command.environment["USER"] = entry->name;
  }
  return command;
}

void ManagedService::launch() {
  const Command what = command();
  const int run = ++run_;
  note("Service " + go_quoted(config_.name) + " starting: " + config_.command);
  try {
    // Slightly before SIGKILL would be sent: what left the process group may keep the pipe open.
    pid_ = host_.processes.start(what, kill_delay() * 9 / 10,
                                 {[this](std::string_view output) { took_output(output); },
                                  [this, run](int code) { exited(run, code); }});
  } catch (const SpawnError& error) {
    throw SpawnError(std::string("cannot start service: ") + error.what());
  }
  host_.timers.after(backoff_limit(), [this, run] { backoff_reset_elapsed(run); });
}

void ManagedService::took_output(std::string_view output) {
  log_.append(output);
  while (host_.verbose) {
    const auto entry = log_.next(printed_);
    if (!entry) {
      return;
    }
    print_output(format_time_milliseconds(entry->time), entry->service, entry->message);
  }
}

void ManagedService::okay_delay_elapsed(int run) {
  if (run == run_ && state_ == ServiceState::starting) {
    transition(ServiceState::running);
    finish_start(std::nullopt);
  }
}

void ManagedService::stop(Task& task) {
  const auto already = [&](const std::string& what) {
    host_.changes.log(task, "INFO", "Service " + go_quoted(config_.name) + " " + what);
    host_.changes.finish(task);
  };
  switch (state_) {
    case ServiceState::terminating:
    case ServiceState::killing:
      already("already stopping.");
      break;
    case ServiceState::stopped:
    case ServiceState::initial:
      already("already stopped.");
      break;
    case ServiceState::exited:
      transition(ServiceState::stopped);
      already("had already exited.");
      break;
    case ServiceState::backoff:
      transition(ServiceState::stopped);
      host_.changes.finish(task);
      break;
    case ServiceState::starting:
    case ServiceState::running:
      stop_task_ = &task;
      terminate(false);
      break;
  }
}

}  // namespace rehearsal::pebble
