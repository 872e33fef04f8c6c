// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/changes.hpp"
#include "rehearsal/pebble/plans.hpp"
#include "rehearsal/pebble/processes.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rehearsal::pebble {

struct CheckInfo {
  std::string name;
  std::string level;
  std::string startup;
  std::string status;
  int successes = 0;
  int failures = 0;
  long threshold = 0;
  std::string change_id;
  std::string prev_change_id;
};

/// The checks of the plan. While a check runs, there is a change for it: perform-check while it is
/// up, recover-check from the failure that reached the threshold to the next success. As with
/// Pebble 1.32, a check has its service context only where the plan started it, not where a request
/// did. Unless it says otherwise, a function expects the lock to be held.
class Checks {
 public:
  using FailureHandler = std::function<void(const std::string& check)>;

  Checks(StateLock& lock, Changes& changes, Processes& processes, const Plans& plans,
         FailureHandler on_failure);
  ~Checks();
  Checks(const Checks&) = delete;
  Checks& operator=(const Checks&) = delete;

  /// Lock not held. Ends all checks and waits for the probes under way.
  void shut_down();

  void plan_changed(const Plan& plan);
  /// Starts what is enabled and does not run.
  void replan();

  /// All of these must be in the plan. Return, sorted, those that were not running or were.
  std::vector<std::string> start(const std::vector<std::string>& names);
  std::vector<std::string> stop(const std::vector<std::string>& names);

  std::vector<CheckInfo> list() const;

  struct Refreshed {
    CheckInfo info;
    std::optional<std::string> error;
  };

  /// Lock not held. Runs a check now, whether it is active or not.
  Refreshed refresh(const Check& check);

 private:
  struct Ticket {
    bool done = false;
    std::optional<std::string> error;
  };

  /// One check from its start to its stop.
  struct Run {
    Check config;
    CheckInfo* info = nullptr;
    Task* task = nullptr;
    bool stopping = false;
    std::deque<std::shared_ptr<Ticket>> refreshes;
  };

  void begin(const Check& check);
  void end(Run& run);
  Change& new_change(Run& run, const std::string& kind);
  void watch(const std::shared_ptr<Run>& run);
  void record(Run& run, const std::optional<std::string>& error);
  void record_failure(Run& run, const std::string& error);
  void record_success(Run& run);
  void set_info(CheckInfo& info, const Check& check) const;
  bool adopt(Run& run, const Plan& plan);

  StateLock& lock_;
  Changes& changes_;
  Processes& processes_;
  const Plans& plans_;
  FailureHandler on_failure_;
  std::map<std::string, std::unique_ptr<CheckInfo>> infos_;
  std::map<std::string, std::shared_ptr<Run>> runs_;
  int threads_ = 0;
};

/// A check with the environment, user and folder of its service context filled in.
Check with_service_context(const Plan& plan, Check check);

}  // namespace rehearsal::pebble
