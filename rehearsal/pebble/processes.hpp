// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/spawn.hpp"
#include "rehearsal/pebble/state_lock.hpp"
#include "rehearsal/pebble/timers.hpp"

#include <functional>
#include <map>
#include <string_view>
#include <thread>

namespace rehearsal::pebble {

/// The agent's children: their output, their end, and the orphans it inherits.
class Processes {
 public:
  Processes(StateLock& lock, Timers& timers);
  ~Processes();
  Processes(const Processes&) = delete;
  Processes& operator=(const Processes&) = delete;

  struct Events {
    std::function<void(std::string_view)> output;
    /// The exit code, or 128 and the signal that ended the process.
    std::function<void(int)> exited;
  };

  /// Lock held. Starts a process; the events are given with the lock held, `exited` last. The end
  /// of a process is told when its output has been read to the end; where something else keeps
  /// that open, after `output_delay`. Throws SpawnError.
  pid_t start(const Command& command, Duration output_delay, Events events);

  /// Takes in all children that have ended. Called when SIGCHLD arrived.
  void reap();

 private:
  struct Record {
    FileHandle output;
    std::optional<int> exit_code;
    Duration output_delay{0};
    Events events;
  };

  void pump();
  void read_output(pid_t pid);
  void took_end(pid_t pid, int wait_status);
  void close_output(pid_t pid);
  void finish_if_over(pid_t pid);

  StateLock& lock_;
  Timers& timers_;
  std::map<pid_t, Record> records_;
  FileHandle wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace rehearsal::pebble
