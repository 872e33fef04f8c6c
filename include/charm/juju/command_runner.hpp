// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace charm::juju {

/// How a command ended and what it printed.
struct CommandResult {
  int exit_code = 0;
  std::string out;
  std::string err;
};

/// The seam to Juju: every hook tool is one command. Production spawns it, tests answer from
/// memory.
class CommandRunner {
 public:
  virtual ~CommandRunner() = default;

  /// Runs argv[0], found on PATH, with `input` on standard input (closed immediately when empty).
  /// A command that cannot be started is exit code 127 with the reason in `err`; one that takes
  /// longer than the runner's limit is killed and is exit code 124.
  virtual CommandResult run(const std::vector<std::string>& argv, std::string_view input) = 0;
};

/// Spawns real processes. Output is bounded: more than 64 MiB on a stream is an Error.
class ProcessRunner final : public CommandRunner {
 public:
  explicit ProcessRunner(std::chrono::milliseconds limit = std::chrono::seconds(30));
  CommandResult run(const std::vector<std::string>& argv, std::string_view input) override;

 private:
  std::chrono::milliseconds limit_;
};

}  // namespace charm::juju
