// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pods/descriptor.hpp"
#include "rehearsal/pods/process_identity.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace rehearsal::pods {

/// Says what failed and what the machine must allow. Throws MachineError.
[[noreturn]] void throw_machine_error(const std::string& step, int error_number);

/// The namespaces of a running process, held open.
class Namespaces {
 public:
  /// `names` as in /proc/PID/ns: `net`, `pid`, `mnt`, `ipc`, `uts`. Throws MachineError when the
  /// process is not there.
  Namespaces(pid_t process, const std::vector<std::string>& names);

  /// Moves the calling thread into them; `pid` counts for its later children only. Throws
  /// std::system_error.
  void enter() const;

 private:
  std::vector<Descriptor> descriptors_;
};

/// Starts processes that outlive this one.
struct DetachedStart {
  /// Whose PID namespace the new process is in, and who waits for it at its end.
  std::optional<pid_t> node;
  /// Whose network namespace it is in; without one it has the caller's, or a new one by `flags`.
  std::optional<pid_t> network;
  int flags = 0;  ///< CLONE_NEW… namespaces of its own.
};

/// Forks a process with these namespaces, in a session of its own, all signals at their defaults
/// and no descriptors inherited. There it calls `become`, which executes a program or works to its
/// end. Returns once the program was executed or `become` has closed the descriptor it was given.
/// Throws MachineError with what failed before that.
ProcessIdentity start_detached(const DetachedStart& start,
                               const std::function<void(Descriptor& ready)>& become);

/// Forks a child whose PID namespace is that of `process` while the caller stays in its own.
/// Returns like fork(2); throws MachineError when refused.
pid_t fork_into(std::optional<pid_t> process);

/// Replaces the process image. Throws std::system_error when that fails.
[[noreturn]] void execute_program(const std::string& path, const std::vector<std::string>& argv,
                                  const std::vector<std::string>& environment);

}  // namespace rehearsal::pods
