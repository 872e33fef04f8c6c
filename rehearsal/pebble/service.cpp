// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/service.hpp"

#include "rehearsal/pebble/refusal.hpp"

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <utility>

#include <string.h>

namespace rehearsal::pebble {
namespace {

using std::chrono::seconds;
using Timer = Machine::Timer;

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

/// The number of a signal by its full name, such as "SIGHUP".
int signal_number(const std::string& name) {
  for (int number = 1; number < NSIG; ++number) {
    const char* abbreviation = sigabbrev_np(number);
    if (abbreviation != nullptr && name == std::string("SIG") + abbreviation) {
      return number;
    }
  }
  throw std::invalid_argument("invalid signal name " + in_quotes(name));
}

}  // namespace

Service::Service(Machine& machine, Changes& changes, const std::string& name)
    : machine_(machine), changes_(changes), name_(name), log_(name) {}

std::string Service::current() const {
  return current_name(state_);
}

bool Service::is_running() const {
  return state_ == ServiceState::starting || state_ == ServiceState::running ||
         state_ == ServiceState::backoff;
}

void Service::log_output(Task& task) {
  constexpr std::size_t shown_lines = 20;
  changes_.log(task, "INFO",
               "Most recent service output:\n" + log_.last_lines(shown_lines, "    "));
}

void Service::transition(ServiceState state, bool restarting) {
  if (current_name(state_) != current_name(state)) {
    current_since_ = now();
  }
  state_ = state;
  restarting_ = restarting;
}

void Service::finish(Task*& task, const std::optional<std::string>& error) {
  if (task != nullptr) {
    changes_.finish(*std::exchange(task, nullptr), error);
  }
}

void Service::start(const Entries& definition, Task& task) {
  if (state_ == ServiceState::starting || state_ == ServiceState::running) {
    changes_.log(task, "INFO", "Service " + in_quotes(name_) + " already started.");
    changes_.finish(task);
    return;
  }
  if (state_ == ServiceState::terminating || state_ == ServiceState::killing) {
    changes_.finish(task, "cannot start service while terminating");
    return;
  }
  definition_ = definition;
  settings_ = service_settings(definition);
  backoff_ = Duration(0);
  transition(ServiceState::initial);
  try {
    launch();
  } catch (const std::exception& error) {
    transition(ServiceState::stopped);
    changes_.finish(task, std::string("cannot start service: ") + error.what());
    return;
  }
  transition(ServiceState::starting);
  start_task_ = &task;
  machine_.after(Timer::okay_delay, seconds(1), [this, run = run_] { okay_delay_elapsed(run); });
}

void Service::launch() {
  const int run = ++run_;
  machine_.note("Service " + in_quotes(name_) + " starting: " + settings_.command);
  const Command command{.service = name_,
                        .arguments = split_command(settings_.command),
                        .environment = settings_.environment,
                        .working_dir = settings_.working_dir,
                        .user = settings_.user,
                        .group = settings_.group};
  // Slightly earlier than SIGKILL: a process that left the process group may keep the pipe open.
  process_ = machine_.start(command, settings_.kill_delay * 9 / 10,
                            {[this](std::string_view output) { took_output(output); },
                             [this, run](int code) { exited(run, code); }});
  machine_.after(Timer::other, settings_.backoff_limit, [this, run] {
    if (run == run_ && state_ == ServiceState::running) {
      backoff_ = Duration(0);
    }
  });
}

void Service::took_output(std::string_view output) {
  log_.append(output);
  while (const auto entry = log_.next(printed_)) {
    machine_.print(*entry);
  }
}

void Service::okay_delay_elapsed(int run) {
  if (run == run_ && state_ == ServiceState::starting) {
    transition(ServiceState::running);
    finish(start_task_, std::nullopt);
  }
}

void Service::stop(Task& task) {
  switch (state_) {
    case ServiceState::starting:
    case ServiceState::running:
      stop_task_ = &task;
      terminate(false);
      return;
    case ServiceState::terminating:
    case ServiceState::killing:
      changes_.log(task, "INFO", "Service " + in_quotes(name_) + " already stopping.");
      break;
    case ServiceState::backoff:
      transition(ServiceState::stopped);
      break;
    default:
      transition(ServiceState::stopped);
      changes_.log(task, "INFO", "Service " + in_quotes(name_) + " already stopped.");
      break;
  }
  changes_.finish(task);
}

void Service::exited(int run, int code) {
  if (run != run_) {
    return;
  }
  if (state_ == ServiceState::starting || state_ == ServiceState::running) {
    exited_unexpectedly(code);
  } else if (state_ == ServiceState::terminating || state_ == ServiceState::killing) {
    if (restarting_) {
      back_off("exited after check failure");
      return;
    }
    machine_.note("Service " + in_quotes(name_) + " stopped");
    transition(ServiceState::stopped);
    finish(stop_task_, std::nullopt);
  }
}

void Service::exited_unexpectedly(int code) {
  const bool restarts = code == 0 ? settings_.restarts_on_success : settings_.restarts_on_failure;
  machine_.note("Service " + in_quotes(name_) + " stopped unexpectedly with code " +
                std::to_string(code));
  if (start_task_ != nullptr) {
    log_output(*start_task_);
  }
  if (restarts) {
    back_off(code == 0 ? "on-success" : "on-failure");
  } else {
    transition(code == 0 ? ServiceState::stopped : ServiceState::exited);
  }
  finish(start_task_, "service start attempt: exited quickly with code " + std::to_string(code) +
                          ", will " + (restarts ? "restart" : "ignore"));
}

void Service::back_off(const std::string& why) {
  backoff_ = backoff_.count() == 0 ? settings_.backoff_delay
                                   : std::min(settings_.backoff_limit, backoff_ * 2);
  machine_.note("Service " + in_quotes(name_) + " " + why + ": waiting ~" +
                format_duration(backoff_) + " before restart");
  transition(ServiceState::backoff);
  std::uniform_real_distribution<double> with_jitter(1.0, 1.1);
  const auto delay = std::chrono::duration_cast<Duration>(backoff_ * with_jitter(random_));
  machine_.after(Timer::other, delay, [this, wait = ++wait_] { backoff_elapsed(wait); });
}

void Service::backoff_elapsed(int wait) {
  if (wait != wait_ || state_ != ServiceState::backoff) {
    return;
  }
  try {
    launch();
    transition(ServiceState::running);
  } catch (const std::exception& error) {
    machine_.note(error.what());
  }
}

void Service::terminate(bool restarting) {
  if (start_task_ != nullptr) {
    log_output(*start_task_);
  }
  machine_.send_signal_to_group(process_, SIGTERM);
  transition(ServiceState::terminating, restarting);
  finish(start_task_, "service start attempt: stopped before the 1s okay delay");
  machine_.after(Timer::other, settings_.kill_delay,
                 [this, run = run_] { terminate_delay_elapsed(run); });
}

void Service::terminate_delay_elapsed(int run) {
  constexpr seconds fail_delay(5);
  if (run == run_ && state_ == ServiceState::terminating) {
    machine_.send_signal_to_group(process_, SIGKILL);
    transition(ServiceState::killing, restarting_);
    machine_.after(Timer::other, fail_delay, [this, run] { kill_delay_elapsed(run); });
  }
}

void Service::kill_delay_elapsed(int run) {
  if (run == run_ && state_ == ServiceState::killing) {
    transition(ServiceState::stopped);
    finish(stop_task_, "cannot stop service: process still running after SIGTERM and SIGKILL");
  }
}

void Service::check_failed() {
  if (state_ == ServiceState::running) {
    terminate(true);
  } else if (state_ == ServiceState::exited) {
    back_off("on-check-failure");
  }
}

void Service::send_signal(const std::string& name) {
  if (state_ != ServiceState::starting && state_ != ServiceState::running) {
    throw std::invalid_argument("service is not running");
  }
  machine_.send_signal(process_, signal_number(name));
}

}  // namespace rehearsal::pebble
