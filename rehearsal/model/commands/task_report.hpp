// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/model.hpp"

#include <string>
#include <vector>

namespace rehearsal::commands {

/// Shows tasks that ended, in JSON, in YAML, or `plain` as `print` does. Standard error says which
/// of them failed. Returns the exit code.
int report(const std::vector<Task>& tasks, const std::string& format,
           void (*print)(const std::vector<Task>&));

/// How long the command waits; `standard` without --wait.
[[nodiscard]] Millis wait_of(const Arguments& arguments, Millis standard);

/// Throws UserError in Juju's words.
[[noreturn]] void throw_timed_out(const std::vector<std::string>& units);

/// Juju 3 succeeds though nothing could be scheduled. Juju 4 throws the error. Returns the exit
/// code.
int report_nothing_scheduled(const Model& model, const UserError& error);

}  // namespace rehearsal::commands
