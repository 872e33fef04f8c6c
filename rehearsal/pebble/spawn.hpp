// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/account.hpp"
#include "rehearsal/pebble/file_handle.hpp"

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace rehearsal::pebble {

struct SpawnError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Command {
  std::vector<std::string> arguments;
  /// Added to the agent's own environment.
  std::map<std::string, std::string> environment;
  /// Empty: the agent's own.
  std::string working_dir;
  /// None: the agent's own.
  std::optional<Account> account;
  bool own_process_group = false;
};

struct Spawned {
  pid_t pid = -1;
  /// Standard output and standard error of the process, in one non-blocking pipe.
  FileHandle output;
};

/// Starts a process with /dev/null as its input. Throws SpawnError with the message of Go's
/// os/exec: a command not on PATH, or what fork, chdir, setuid or exec said.
Spawned spawn(const Command& command);

}  // namespace rehearsal::pebble
