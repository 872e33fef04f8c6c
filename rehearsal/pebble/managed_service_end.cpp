// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
// How the processes of a service end, by themselves or by force, and what comes then.
#include "rehearsal/pebble/agent_log.hpp"
#include "rehearsal/pebble/managed_service.hpp"
#include "rehearsal/pebble/signal_names.hpp"

#include <algorithm>
#include <csignal>
#include <stdexcept>

namespace rehearsal::pebble {
namespace {

constexpr Duration fail_delay = std::chrono::seconds(5);
constexpr Duration default_backoff_delay = std::chrono::milliseconds(500);
constexpr double default_backoff_factor = 2.0;

const std::string& action_after(const Service& config, int code) {
  static const std::string restart = "restart";
  const std::string& action = code == 0 ? config.on_success : config.on_failure;
  return action.empty() ? restart : action;
}

Duration next_backoff(const Service& config, Duration limit, Duration current) {
  if (current.count() == 0) {
    return config.backoff_delay.value_or(default_backoff_delay);
  }
  const double factor = config.backoff_factor.value_or(default_backoff_factor);
  return std::min(limit, std::chrono::duration_cast<Duration>(current * factor));
}

}  // namespace

void ManagedService::exited(int run, int code) {
  if (run != run_) {
    return;
  }
  switch (state_) {
    case ServiceState::starting:
    case ServiceState::running:
      exited_unexpectedly(code);
      break;
    case ServiceState::terminating:
    case ServiceState::killing:
      if (restarting_) {
        back_off("exited after check failure");
      } else {
        note("Service " + go_quoted(config_.name) + " stopped");
        transition(ServiceState::stopped);
        finish_stop(std::nullopt);
      }
      break;
    default:
      // After an aborted start the service counts as stopped before its process is gone.
      break;
  }
}

void ManagedService::exited_unexpectedly(int code) {
  const std::string action = action_after(config_, code);
  const bool quick = state_ == ServiceState::starting;
  note("Service " + go_quoted(config_.name) + " stopped unexpectedly with code " +
       std::to_string(code));
  if (quick && start_task_ != nullptr) {
    log_output(*start_task_);
  }
  if (action == "restart") {
    back_off(code == 0 ? "on-success" : "on-failure");
  } else if (action == "ignore") {
    transition(code == 0 ? ServiceState::stopped : ServiceState::exited);
  } else {
    transition(ServiceState::exited);
    shut_down_after(action, code);
  }
  if (quick) {
    finish_start("service start attempt: exited quickly with code " + std::to_string(code) +
                 ", will " + action);
  }
}

void ManagedService::shut_down_after(const std::string& action, int code) {
  const bool failure = action == "failure-shutdown" || (action == "shutdown" && code != 0);
  note("Service " + go_quoted(config_.name) + " action is " + go_quoted(action) +
       ", shutting down");
  host_.shut_down(failure ? Shutdown::service_failure : Shutdown::success);
}

void ManagedService::back_off(const std::string& why) {
  ++backoff_count_;
  backoff_ = next_backoff(config_, backoff_limit(), backoff_);
  note("Service " + go_quoted(config_.name) + " " + why + ": waiting ~" +
       format_duration(backoff_) + " before restart (backoff " + std::to_string(backoff_count_) +
       ")");
  transition(ServiceState::backoff);
  std::uniform_real_distribution<double> with_jitter(1.0, 1.1);
  const auto delay = std::chrono::duration_cast<Duration>(backoff_ * with_jitter(random_));
  host_.timers.after(delay, [this, wait = ++wait_] { backoff_elapsed(wait); });
}

void ManagedService::backoff_elapsed(int wait) {
  if (wait != wait_ || state_ != ServiceState::backoff) {
    return;
  }
  try {
    launch();
    transition(ServiceState::running);
  } catch (const std::exception& error) {
    note(error.what());
  }
}

void ManagedService::backoff_reset_elapsed(int run) {
  if (run == run_ && state_ == ServiceState::running) {
    backoff_count_ = 0;
    backoff_ = Duration(0);
  }
}

void ManagedService::terminate(bool restarting) {
  if (start_task_ != nullptr) {
    log_output(*start_task_);
  }
  signal_group(SIGTERM);
  transition(ServiceState::terminating, restarting);
  finish_start("service start attempt: stopped before the 1s okay delay");
  host_.timers.after(kill_delay(), [this, run = run_] { terminate_delay_elapsed(run); });
}

void ManagedService::terminate_delay_elapsed(int run) {
  if (run == run_ && state_ == ServiceState::terminating) {
    signal_group(SIGKILL);
    transition(ServiceState::killing, restarting_);
    host_.timers.after(fail_delay, [this, run] { kill_delay_elapsed(run); });
  }
}

void ManagedService::kill_delay_elapsed(int run) {
  if (run == run_ && state_ == ServiceState::killing) {
    note("Service " + go_quoted(config_.name) + " still running after SIGTERM and SIGKILL");
    transition(ServiceState::stopped);
    finish_stop("cannot stop service: process still running after SIGTERM and SIGKILL");
  }
}

void ManagedService::abort_start(Task& task) {
  if (start_task_ != &task) {
    return;
  }
  transition(ServiceState::stopped);
  signal_group(SIGKILL);
  finish_start("start aborted, sent SIGKILL to process");
}

void ManagedService::check_failed(const std::string& action) {
  if (state_ != ServiceState::running && state_ != ServiceState::backoff &&
      state_ != ServiceState::exited) {
    return;
  }
  if (action == "shutdown") {
    host_.shut_down(Shutdown::check_failure);
  } else if (action == "success-shutdown") {
    host_.shut_down(Shutdown::success);
  } else if (action == "restart" && state_ == ServiceState::running) {
    terminate(true);
  } else if (action == "restart" && state_ == ServiceState::exited) {
    back_off("on-check-failure");
  }
}

void ManagedService::send_signal(const std::string& name) {
  if (state_ != ServiceState::starting && state_ != ServiceState::running) {
    throw std::invalid_argument("service is not running");
  }
  const auto signal = signal_number(name);
  if (!signal) {
    throw std::invalid_argument("invalid signal name " + go_quoted(name));
  }
  kill(pid_, *signal);
}

void ManagedService::signal_group(int signal) const {
  kill(-pid_, signal);
}

}  // namespace rehearsal::pebble
