// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace charm::juju {

/// A file descriptor that is closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int value = -1) : value_(value) {}

  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();

  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
};

/// A child process in a group of its own, with both its outputs on pipes. Only descriptors 0, 1 and
/// 2 are passed on. The destructor kills the group if the child still runs.
class SpawnedProcess {
 public:
  /// It reads `input`, or nothing if that is -1. Throws std::system_error when the command cannot
  /// be started.
  SpawnedProcess(const std::vector<std::string>& argv, int input);

  SpawnedProcess(const SpawnedProcess&) = delete;
  SpawnedProcess& operator=(const SpawnedProcess&) = delete;
  ~SpawnedProcess();

  [[nodiscard]] int out() const { return out_.get(); }

  [[nodiscard]] int err() const { return err_.get(); }

  /// Does not wait.
  bool ended();

  /// Becomes readable when the process ends. It is -1 where the kernel, before Linux 5.3, has none.
  [[nodiscard]] Descriptor handle() const;

  /// The exit code once it has ended, 128 + number for a signal.
  [[nodiscard]] int exit_code() const { return exit_code_; }

 private:
  void record(int status);

  Descriptor out_;
  Descriptor err_;
  pid_t pid_ = -1;
  int exit_code_ = -1;
};

}  // namespace charm::juju
