// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/deadline.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace charm::juju {

/// The exit code and the output of a command.
struct CommandResult {
  int exit_code = 0;
  std::string out;
  std::string err;
};

/// The seam to Juju: every call of a hook tool is one command. The charm starts a process; tests
/// answer from memory.
class CommandRunner {
 public:
  virtual ~CommandRunner() = default;

  /// Runs argv[0], found on PATH, with `input` on standard input (closed immediately if empty). If
  /// the command cannot be started, the exit code is 127 and `err` has the reason. A command that
  /// exceeds the runner's time limit is killed, and the exit code is 124.
  virtual CommandResult run(const std::vector<std::string>& argv, std::string_view input) = 0;
};

/// Starts real processes. Output is limited: more than 64 MiB on a stream is an Error.
class ProcessRunner final : public CommandRunner {
 public:
  /// Each command may take ten seconds, and three seconds after the deadline: the last ones report
  /// the result. After one that exceeded its limit, each other has one second.
  explicit ProcessRunner(const Deadline& end = no_deadline,
                         std::chrono::milliseconds longest = std::chrono::seconds(10));
  CommandResult run(const std::vector<std::string>& argv, std::string_view input) override;

 private:
  [[nodiscard]] std::chrono::milliseconds limit() const;

  const Deadline* end_;
  std::chrono::milliseconds longest_;
  bool hung_ = false;
};

}  // namespace charm::juju
