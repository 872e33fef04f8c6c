// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/changes.hpp"
#include "rehearsal/pebble/machine.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <random>
#include <string>

namespace rehearsal::pebble {

enum class ServiceState {
  initial,
  starting,
  running,
  terminating,
  killing,
  stopped,
  backoff,
  exited
};

/// One service that was started at least once: its state machine, as Pebble's documentation
/// describes it in service start order and automatic restart.
class Service {
 public:
  Service(Machine& machine, Changes& changes, const std::string& name);

  /// Does the work of a start task. The task ends after a second, or earlier with an error.
  void start(const Entries& definition, Task& task);
  /// Does the work of a stop task.
  void stop(Task& task);

  /// Called if a check fails for which the service has an action.
  void check_failed();
  /// Throws std::invalid_argument if the service does not run, and for an unknown signal.
  void send_signal(const std::string& name);

  /// "active", "inactive", "backoff" or "error".
  [[nodiscard]] std::string current() const;
  [[nodiscard]] bool is_running() const;

  [[nodiscard]] std::optional<SystemTime> current_since() const { return current_since_; }

  /// The definition with which the service was started.
  [[nodiscard]] const Entries& definition() const { return definition_; }

  [[nodiscard]] const LogRing& log() const { return log_; }

  [[nodiscard]] Duration kill_delay() const { return settings_.kill_delay; }

  /// The last process that was started.
  [[nodiscard]] pid_t process() const { return process_; }

 private:
  void launch();
  void took_output(std::string_view output);
  void okay_delay_elapsed(int run);
  void exited(int run, int code);
  void exited_unexpectedly(int code);
  void terminate(bool restarting);
  void terminate_delay_elapsed(int run);
  void kill_delay_elapsed(int run);
  void back_off(const std::string& why);
  void backoff_elapsed(int wait);
  void transition(ServiceState state, bool restarting = false);
  void log_output(Task& task);
  void finish(Task*& task, const std::optional<std::string>& error);

  Machine& machine_;
  Changes& changes_;
  std::string name_;
  Entries definition_;
  ServiceSettings settings_;
  LogRing log_;
  LogCursor printed_;
  ServiceState state_ = ServiceState::initial;
  bool restarting_ = false;
  std::optional<SystemTime> current_since_;
  pid_t process_ = -1;
  /// Counts processes, so that a timer of one process does not affect the next.
  int run_ = 0;
  int wait_ = 0;
  Duration backoff_{0};
  Task* start_task_ = nullptr;
  Task* stop_task_ = nullptr;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace rehearsal::pebble
