// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pods/machine.hpp"

#include <sys/types.h>

namespace rehearsal::pods {

/// Runs the program inside the container whose first process is `container`, as `user` (with the
/// group of the same number, and Juju's unless it is root), and waits for its end. Output that
/// children in the background still hold is given up 100 ms later, as Juju does. A program that
/// cannot be executed is exit code 127 with a line on its standard error. Throws MachineError when
/// the container cannot be entered.
ExecutionResult run_inside(pid_t container, uid_t user, const Execution& execution);

/// Runs a program of this machine in the same way in the network namespace of a process.
ExecutionResult run_in_network(pid_t process, const Execution& execution);

/// Runs the program in the same way without a container, as this process's user.
ExecutionResult run_here(const Execution& execution);

}  // namespace rehearsal::pods
