// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace rehearsal::pebble {

/// Writes one line of the agent's own log to standard error.
void note(const std::string& message);

/// Writes a line of a service's output to standard output, as `--verbose` asks for.
void print_output(const std::string& time, const std::string& service, const std::string& message);

}  // namespace rehearsal::pebble
