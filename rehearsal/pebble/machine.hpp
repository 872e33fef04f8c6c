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

/// A service's process to be.
struct Command {
  std::string service;
  std::vector<std::string> arguments;
  /// Added to the agent's own environment.
  TextMap environment;
  /// Empty: the agent's own.
  std::string working_dir;
  /// None: the agent's own.
  std::optional<uid_t> user;
  std::optional<gid_t> group;
};

/// A check under way: the machine calls `record` with the result of each probe.
struct Watch {
  std::string name;
  /// One of the two.
  std::string url;
  long tcp_port = 0;
  Duration period{10'000};
  Duration timeout{3000};
  /// Takes what is wrong, or nothing.
  std::function<void(const std::optional<std::string>&)> record;
  bool stopping = false;
};

/// What Pebble's decisions are carried out by: processes, time and sockets. The agent has real
/// ones; a test can do with none of them.
class Machine {
 public:
  struct ProcessEvents {
    std::function<void(std::string_view)> output;
    /// Takes the exit code, or 128 and the signal that ended the process.
    std::function<void(int)> exited;
  };

  /// Why a timer was set: the first second of a service's life, or anything else.
  enum class Timer { okay_delay, other };

  virtual ~Machine() = default;

  /// Held by everyone who looks at the agent's layers, changes, services or checks; also when a
  /// function below is called, and when it calls back.
  std::mutex lock;

  /// Starts a process in a process group of its own. Throws Refusal. `exited` comes last, when the
  /// output was read to its end or `output_delay` after the process's end.
  virtual pid_t start(const Command& command, Duration output_delay, ProcessEvents events) = 0;
  virtual void send_signal(pid_t process, int signal) = 0;
  virtual void send_signal_to_group(pid_t process, int signal) = 0;

  virtual void after(Timer why, Duration delay, std::function<void()> action) = 0;

  /// Probes a check from the end of its first period on, until it is stopping.
  virtual void watch(const std::shared_ptr<Watch>& watch) = 0;

  /// Waits until something holds, which is asked for after each wake(). Returns whether it holds.
  virtual bool wait(std::optional<Duration> limit, const std::function<bool()>& condition) = 0;
  virtual void wake() = 0;

  /// Takes a line of the agent's own log.
  virtual void note(const std::string& message) = 0;
  /// Takes a line of a service's output.
  virtual void print(const LogEntry& entry) = 0;
};

}  // namespace rehearsal::pebble
