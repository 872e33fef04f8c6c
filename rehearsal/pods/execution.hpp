// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pods/machine.hpp"

#include <sys/types.h>

namespace rehearsal::pods {

/// Runs the program inside the container whose first process is `container`, and waits for its end.
/// The program runs as `user` with the group of the same number, and in Juju's group unless it is
/// root. 100 ms after its end, output that background children still hold is dropped, as Juju does.
/// A program that cannot be executed gives exit code 127 and a line on standard error. Throws
/// MachineError if the container cannot be entered.
ExecutionResult run_inside(pid_t container, uid_t user, const Execution& execution);

/// Runs a program of this machine in the same way in the network namespace of a process.
ExecutionResult run_in_network(pid_t process, const Execution& execution);

/// Runs the program in the same way without a container, as this process's user.
ExecutionResult run_here(const Execution& execution);

}  // namespace rehearsal::pods
