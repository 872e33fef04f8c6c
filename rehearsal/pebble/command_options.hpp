// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/agent.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace rehearsal::pebble {

struct CommandOptions {
  AgentOptions agent;
  std::filesystem::path socket;
};

/// Reads `run [options]` as `pebble` takes it, with PEBBLE, PEBBLE_SOCKET and PEBBLE_VERBOSE from
/// the environment. PEBBLE_PERSIST means nothing here: the agent keeps its state in memory only.
/// Throws std::runtime_error for anything else.
CommandOptions parse_command_line(const std::vector<std::string>& arguments);

}  // namespace rehearsal::pebble
