// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>
#include <unistd.h>

namespace rehearsal::pods {

/// An open file descriptor that the destructor closes.
class Descriptor {
 public:
  Descriptor() = default;

  explicit Descriptor(int number) : number_(number) {}

  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  ~Descriptor() { reset(); }

  [[nodiscard]] int number() const { return number_; }

  [[nodiscard]] bool valid() const { return number_ >= 0; }

  void reset() {
    if (number_ >= 0) {
      close(std::exchange(number_, -1));
    }
  }

 private:
  int number_ = -1;
};

/// A process of this machine, distinguishable from a later one with the same number.
struct ProcessIdentity {
  pid_t pid = 0;
  unsigned long long started = 0;  ///< Clock ticks since boot, from /proc/PID/stat.

  bool operator==(const ProcessIdentity&) const = default;
};

/// Returns the identity of an existing process; `started` is 0 if it does not exist.
[[nodiscard]] ProcessIdentity identify(pid_t pid);

/// True while it runs. False for a process that has ended but was not collected.
[[nodiscard]] bool alive(const ProcessIdentity& process);

/// Sends the signal if this process still exists.
void send_signal(const ProcessIdentity& process, int signal);

/// Waits until it has ended. Returns false if it still runs at the time limit.
bool wait_for_end(const ProcessIdentity& process, std::chrono::milliseconds limit);

/// Sends SIGKILL, and waits for the end.
void end_process(const ProcessIdentity& process);

/// Throws MachineError with the failed step and the permission that the machine needs.
[[noreturn]] void throw_machine_error(const std::string& step, int error_number);

/// The namespaces of a running process, held open.
class Namespaces {
 public:
  /// `names` as in /proc/PID/ns: `net`, `pid`, `mnt`, `ipc`, `uts`. Throws MachineError if the
  /// process does not exist.
  Namespaces(pid_t process, const std::vector<std::string>& names);

  /// Moves the calling thread into them; `pid` affects only its later children. Throws
  /// std::system_error.
  void enter() const;

 private:
  std::vector<Descriptor> descriptors_;
};

/// Starts processes that outlive this one.
struct DetachedStart {
  /// The process whose PID namespace the new process joins, and which inherits it.
  std::optional<pid_t> node;
  /// The process whose network namespace it joins. If absent, it has the caller's, or a new one by
  /// `flags`.
  std::optional<pid_t> network;
  int flags = 0;  ///< CLONE_NEW… flags of its new namespaces.
};

/// Forks a process with these namespaces, in a new session, with default signals and without
/// inherited descriptors. There it calls `become`, which executes a program or works to its end.
/// Returns when the program was executed or `become` has closed the given descriptor. Throws
/// MachineError with an earlier failure.
ProcessIdentity start_detached(const DetachedStart& start,
                               const std::function<void(Descriptor& ready)>& become);

/// Forks a child whose PID namespace is that of `process`, while the caller stays in its own.
/// Returns like fork(2). Throws MachineError if it is not allowed.
pid_t fork_into(std::optional<pid_t> process);

/// Replaces the process image. Throws std::system_error if that fails.
[[noreturn]] void execute_program(const std::string& path, const std::vector<std::string>& argv,
                                  const std::vector<std::string>& environment);

}  // namespace rehearsal::pods
