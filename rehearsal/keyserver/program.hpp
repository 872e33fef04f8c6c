// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/configuration.hpp"

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

// The command line, hockeypuck.conf and exit codes of all programs.

/// A command line that is refused. The program ends with this status.
class UsageError : public std::runtime_error {
 public:
  UsageError(int status, const std::string& message)
      : std::runtime_error(message), status_(status) {}

  int status() const { return status_; }

 private:
  int status_;
};

/// How a program was called.
struct Invocation {
  /// The name as it was typed.
  std::string program = {};
  std::string configuration_file = {};
  /// Empty: the level of the configuration.
  std::string log_level = {};
  /// The rest of the command line.
  std::vector<std::string> arguments = {};
};

/// Reads the options of Hockeypuck's programs, with one dash or two. The first argument that is not
/// an option ends them. Throws UsageError.
Invocation parse_invocation(int argc, char** argv);

/// Throws ConfigurationError and ConfigurationPanic.
Configuration load_configuration(const Invocation& invocation);

/// Runs a program and returns Hockeypuck's exit code: 0, 1 for any error, 2 for unknown options and
/// for a panic of Go. Writes the error message to standard error.
int run_program(int argc, char** argv, const std::function<void(const Invocation&)>& program);

}  // namespace rehearsal::keyserver
