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

/// The program to run. `arguments[0]` is looked up on PATH unless it contains a slash.
struct Command {
  std::vector<std::string> arguments;
  /// `NAME=value` entries that replace or extend the test's own environment.
  std::vector<std::string> environment = {};
  /// The program's standard input.
  std::string input = {};
  /// The user, if the test runs as root; empty: the test's user.
  std::string user = {};
  std::filesystem::path directory = "/";
};

struct CommandResult {
  /// The exit code, or 128 + the signal that ended the program.
  int status = 0;
  std::string output = {};
  std::string error = {};
};

/// Runs a command to its end and keeps output and error apart. Throws std::runtime_error if it
/// cannot be executed, or if it exceeds the limit and is killed.
CommandResult run(const Command& command, std::chrono::seconds limit = std::chrono::seconds(60));

/// Returns the path of a program on PATH.
[[nodiscard]] std::optional<std::filesystem::path> find_on_path(const std::string& program);

/// A program that runs in the background. It ends with the test: the destructor kills it, or the
/// kernel if the test itself is killed.
class ChildProcess {
 public:
  /// Appends output and error to `log`.
  ChildProcess(const Command& command, const std::filesystem::path& log);

  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  pid_t pid() const { return pid_; }

  bool running();
  void signal(int number) const;
  /// The exit code (or 128 + signal); nothing if it still runs after the limit.
  std::optional<int> wait(std::chrono::milliseconds limit);

 private:
  bool reap(int options);

  pid_t pid_ = -1;
  std::optional<int> status_;
};

}  // namespace test
