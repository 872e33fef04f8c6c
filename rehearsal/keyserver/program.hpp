// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/configuration.hpp"

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

// What the programs have in common: the command line, hockeypuck.conf, exit codes.

/// A command line that is refused; the program ends with this status.
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
  /// As it was typed.
  std::string program = {};
  std::string configuration_file = {};
  /// Empty: the one of the configuration.
  std::string log_level = {};
  /// What is no option.
  std::vector<std::string> arguments = {};
};

/// The options of Hockeypuck's programs, by the rules of Go's flag package: one dash or two, the
/// value after "=" or as the next argument; the first argument that is no option ends them. Throws
/// UsageError.
Invocation parse_invocation(const std::vector<std::string>& words);

/// Throws ConfigurationError and ConfigurationPanic.
Configuration load_configuration(const Invocation& invocation);

/// Runs a program and returns its exit code as Hockeypuck's is: 0, 1 for any error, 2 where Go
/// panics and for options nobody knows. What was wrong is on standard error.
int run_program(int argc, char** argv, const std::function<void(const Invocation&)>& program);

}  // namespace rehearsal::keyserver
