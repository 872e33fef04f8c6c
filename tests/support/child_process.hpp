// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace test {

/// What to execute. `arguments[0]` is looked up on PATH unless it has a slash.
struct Command {
  std::vector<std::string> arguments;
  /// `NAME=value` entries put over the test's own environment.
  std::vector<std::string> environment = {};
  /// Given to the program on its standard input.
  std::string input = {};
  /// Run as this user when the test runs as root; empty: as the test's user.
  std::string user = {};
  std::filesystem::path directory = "/";
};

struct CommandResult {
  /// The exit code, or 128 + the signal that ended the program.
  int status = 0;
  std::string output = {};
  std::string error = {};
};

/// Runs a command to its end; output and error are kept apart. Throws std::runtime_error when it
/// cannot be executed or is not done within the limit (it is then killed).
CommandResult run(const Command& command, std::chrono::seconds limit = std::chrono::seconds(60));

/// A program running beside the test. It dies with the test: killed by the destructor, or by the
/// kernel if the test itself is killed.
class ChildProcess {
 public:
  /// Output and error go to `log`, appended.
  ChildProcess(const Command& command, const std::filesystem::path& log);

  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  pid_t pid() const { return pid_; }

  bool running();
  void signal(int number) const;
  /// The exit code (or 128 + signal); nothing when it still runs after the limit.
  std::optional<int> wait(std::chrono::milliseconds limit);

 private:
  bool reap(int options);

  pid_t pid_ = -1;
  std::optional<int> status_;
};

}  // namespace test
