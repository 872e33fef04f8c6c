// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/changes.hpp"
#include "rehearsal/pebble/layer.hpp"
#include "rehearsal/pebble/log_ring.hpp"
#include "rehearsal/pebble/processes.hpp"
#include "rehearsal/pebble/timers.hpp"

#include <functional>
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

/// How the agent ends because of a service or a check: the exit codes of `pebble run`.
enum class Shutdown { success = 0, service_failure = 10, check_failure = 11 };

/// What a service needs of the agent around it.
struct ServiceHost {
  Timers& timers;
  Processes& processes;
  Changes& changes;
  std::function<void(Shutdown)> shut_down;
  /// Also print the output of services (`--verbose`).
  bool verbose = false;
};

/// One service that was started at least once: its state machine, as in Pebble's documentation of
/// service start order and automatic restart. Every function expects the lock to be held.
class ManagedService {
 public:
  ManagedService(ServiceHost& host, const Service& config);

  /// Work of a start task. It ends with the task after a second, or earlier with an error.
  void start(const Service& config, Task& task);
  /// Work of a stop task.
  void stop(Task& task);
  /// Ends a start under way by SIGKILL.
  void abort_start(Task& task);

  /// An action of `on-check-failure`.
  void check_failed(const std::string& action);
  /// Throws std::invalid_argument where the service does not run or there is no such signal.
  void send_signal(const std::string& name);

  /// "active", "inactive", "backoff" or "error".
  std::string current() const;
  bool is_running() const;

  std::optional<SystemTime> current_since() const { return current_since_; }

  const Service& config() const { return config_; }

  void set_config(const Service& config) { config_ = config; }

  const LogRing& log() const { return log_; }

  Duration kill_delay() const;

 private:
  void launch();
  Command command() const;
  void took_output(std::string_view output);
  void okay_delay_elapsed(int run);
  void backoff_reset_elapsed(int run);
  void exited(int run, int code);
  void exited_unexpectedly(int code);
  void shut_down_after(const std::string& action, int code);
  void terminate(bool restarting);
  void terminate_delay_elapsed(int run);
  void kill_delay_elapsed(int run);
  void back_off(const std::string& why);
  void backoff_elapsed(int wait);
  void transition(ServiceState state, bool restarting = false);
  Duration backoff_limit() const;
  void log_output(Task& task);
  void finish_start(const std::optional<std::string>& error);
  void finish_stop(const std::optional<std::string>& error);
  void signal_group(int signal) const;

  ServiceHost& host_;
  Service config_;
  LogRing log_;
  LogCursor printed_;
  ServiceState state_ = ServiceState::initial;
  bool restarting_ = false;
  std::optional<SystemTime> current_since_;
  pid_t pid_ = -1;
  /// Counts processes, so that a timer set for one does nothing to the next.
  int run_ = 0;
  int wait_ = 0;
  int backoff_count_ = 0;
  Duration backoff_{0};
  Task* start_task_ = nullptr;
  Task* stop_task_ = nullptr;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace rehearsal::pebble
