// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include <sys/types.h>

namespace rehearsal::pods {

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

}  // namespace rehearsal::pods
