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

/// An open file descriptor, closed at the end.
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

/// A process of this machine that cannot be mistaken for a later one of the same number.
struct ProcessIdentity {
  pid_t pid = 0;
  unsigned long long started = 0;  ///< Clock ticks since boot, from /proc/PID/stat.

  bool operator==(const ProcessIdentity&) const = default;
};

/// Returns the identity of a process that is there now; `started` is 0 when it is not.
[[nodiscard]] ProcessIdentity identify(pid_t pid);

/// True while it runs; a process that ended and was not yet waited for does not.
[[nodiscard]] bool alive(const ProcessIdentity& process);

/// Sends the signal if the process is still this one.
void send_signal(const ProcessIdentity& process, int signal);

/// Waits until it has ended; false when it still runs after the limit.
bool wait_for_end(const ProcessIdentity& process, std::chrono::milliseconds limit);

/// SIGKILL, and waits for the end.
void end_process(const ProcessIdentity& process);

/// Says what failed and what the machine must allow. Throws MachineError.
[[noreturn]] void throw_machine_error(const std::string& step, int error_number);

/// The namespaces of a running process, held open.
class Namespaces {
 public:
  /// `names` as in /proc/PID/ns: `net`, `pid`, `mnt`, `ipc`, `uts`. Throws MachineError when the
  /// process is not there.
  Namespaces(pid_t process, const std::vector<std::string>& names);

  /// Moves the calling thread into them; `pid` counts for its later children only. Throws
  /// std::system_error.
  void enter() const;

 private:
  std::vector<Descriptor> descriptors_;
};

/// Starts processes that outlive this one.
struct DetachedStart {
  /// Whose PID namespace the new process is in, and who waits for it at its end.
  std::optional<pid_t> node;
  /// Whose network namespace it is in; without one it has the caller's, or a new one by `flags`.
  std::optional<pid_t> network;
  int flags = 0;  ///< CLONE_NEW… namespaces of its own.
};

/// Forks a process with these namespaces, in a session of its own, all signals at their defaults
/// and no descriptors inherited. There it calls `become`, which executes a program or works to its
/// end. Returns once the program was executed or `become` has closed the descriptor it was given.
/// Throws MachineError with what failed before that.
ProcessIdentity start_detached(const DetachedStart& start,
                               const std::function<void(Descriptor& ready)>& become);

/// Forks a child whose PID namespace is that of `process` while the caller stays in its own.
/// Returns like fork(2); throws MachineError when refused.
pid_t fork_into(std::optional<pid_t> process);

/// Replaces the process image. Throws std::system_error when that fails.
[[noreturn]] void execute_program(const std::string& path, const std::vector<std::string>& argv,
                                  const std::vector<std::string>& environment);

}  // namespace rehearsal::pods
