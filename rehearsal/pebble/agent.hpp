// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/changes.hpp"
#include "rehearsal/pebble/checks.hpp"
#include "rehearsal/pebble/http_message.hpp"
#include "rehearsal/pebble/identities.hpp"
#include "rehearsal/pebble/log_forwarding.hpp"
#include "rehearsal/pebble/notices.hpp"
#include "rehearsal/pebble/plans.hpp"
#include "rehearsal/pebble/processes.hpp"
#include "rehearsal/pebble/services.hpp"
#include "rehearsal/pebble/timers.hpp"

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <optional>
#include <string>

namespace rehearsal::pebble {

struct AgentOptions {
  std::filesystem::path folder;
  /// Where --http listens; empty for nowhere.
  std::string http_address;
  std::filesystem::path identities;
  bool verbose = false;
  bool hold = false;
  bool create_dirs = false;
  /// Send the whole ring of a service to its log targets at each change of the plan.
  bool resend_logs = true;
};

/// Everything the agent is, behind its API.
struct Agent {
  /// Reads the identities and the layers. Throws std::runtime_error.
  explicit Agent(const AgentOptions& options);
  ~Agent();
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  /// Lock not held. Waits until something holds or nobody waits for it any more; `deadline` ends
  /// the wait too. Returns whether it holds.
  bool wait_until(std::unique_lock<std::mutex>& held, const HttpStream& client,
                  std::optional<std::chrono::steady_clock::time_point> deadline,
                  const std::function<bool()>& condition);

  /// Starts what is enabled; does nothing where nothing is. Lock not held.
  void autostart();
  /// Stops all services, then checks and log forwarding; nothing the second time. Lock not held.
  void shut_down();

  std::string http_address;
  std::string boot_id;
  /// Set once a service or a check asks for the agent's end.
  std::atomic<bool> shutdown_requested = false;
  std::atomic<int> exit_code = 0;

  StateLock lock;
  Identities identities;
  Notices notices;
  Changes changes;
  Plans plans;
  Services services;
  Checks checks;
  LogForwarding forwarding;
  // Last, so that their threads end before what they call.
  Timers timers;
  Processes processes;
};

}  // namespace rehearsal::pebble
