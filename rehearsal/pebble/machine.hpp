// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/layers.hpp"
#include "rehearsal/pebble/log_ring.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace rehearsal::pebble {

/// The process of a service before its start.
struct Command {
  std::string service;
  std::vector<std::string> arguments;
  /// Added to the agent's own environment.
  TextMap environment;
  /// Empty: the agent's own directory.
  std::string working_dir;
  /// Absent: the agent's own user.
  std::optional<uid_t> user;
  std::optional<gid_t> group;
};

/// A running check: the machine calls `record` with the result of each probe.
struct Watch {
  std::string name;
  /// Exactly one of the following is set.
  std::string url;
  long tcp_port = 0;
  Duration period{10'000};
  Duration timeout{3000};
  /// Gets the fault, or nothing.
  std::function<void(const std::optional<std::string>&)> record;
  bool stopping = false;
};

/// Carries out Pebble's decisions: processes, time and sockets. The agent has real ones; a test
/// needs none.
class Machine {
 public:
  struct ProcessEvents {
    std::function<void(std::string_view)> output;
    /// Gets the exit code, or 128 and the signal that ended the process.
    std::function<void(int)> exited;
  };

  /// The purpose of a timer: the first second of a service's life, or any other.
  enum class Timer { okay_delay, other };

  virtual ~Machine() = default;

  /// Protects the agent's layers, changes, services and checks. The caller of a function below
  /// holds it, and so does each callback.
  std::mutex lock;

  /// Starts a process in a new process group. Throws Refusal. `exited` is called last: at the end
  /// of the output, or `output_delay` after the process's end.
  virtual pid_t start(const Command& command, Duration output_delay, ProcessEvents events) = 0;
  virtual void send_signal(pid_t process, int signal) = 0;
  virtual void send_signal_to_group(pid_t process, int signal) = 0;

  virtual void after(Timer why, Duration delay, std::function<void()> action) = 0;

  /// Probes a check from the end of its first period on, until the watch stops.
  virtual void watch(const std::shared_ptr<Watch>& watch) = 0;

  /// Waits for a condition, which is checked after each wake(). Returns whether it holds.
  virtual bool wait(std::optional<Duration> limit, const std::function<bool()>& condition) = 0;
  virtual void wake() = 0;

  /// Writes a line to the agent's own log.
  virtual void note(const std::string& message) = 0;
  /// Writes a line of a service's output.
  virtual void print(const LogEntry& entry) = 0;
};

}  // namespace rehearsal::pebble
