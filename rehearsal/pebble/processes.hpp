// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/machine.hpp"
#include "rehearsal/pods/processes.hpp"

#include <map>
#include <optional>
#include <thread>

namespace rehearsal::pebble {

/// The agent's children: their output, their end, and the orphans that it inherits.
class Processes {
 public:
  /// The machine provides timers and waiting.
  explicit Processes(Machine& machine);

  /// Like Machine::start(). Needs the lock.
  pid_t start(const Command& command, Duration output_delay, Machine::ProcessEvents events);

  /// Collects all children that have ended. Called after SIGCHLD, without the lock.
  void reap();

  /// Ends the thread that reads output. Call it without the lock.
  void stop();

 private:
  struct Record {
    pods::Descriptor output;
    std::optional<int> exit_code;
    Duration output_delay{0};
    Machine::ProcessEvents events;
  };

  void pump();
  void read_output(pid_t process);
  void took_end(pid_t process, int wait_status);
  void close_output(pid_t process);
  void finish_if_over(pid_t process);

  Machine& machine_;
  std::map<pid_t, Record> records_;
  pods::Descriptor wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace rehearsal::pebble
