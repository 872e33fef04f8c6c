// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/changes.hpp"
#include "rehearsal/pebble/machine.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace rehearsal::pebble {

/// The checks of the plan. Each has a change: perform-check while the check is up, and
/// recover-check from the failure that reached the threshold to the next success.
class Checks {
 public:
  /// `on_failure` gets the name of a check that has reached its threshold.
  Checks(Machine& machine, Changes& changes, std::function<void(const std::string&)> on_failure)
      : machine_(machine), changes_(changes), on_failure_(std::move(on_failure)) {}

  /// Begins new and changed checks, and ends outdated ones.
  void plan_changed(const Entries& checks);

  /// Ends all checks.
  void stop();

  /// Returns the checks in the form of the API.
  [[nodiscard]] nlohmann::json list() const;

  /// Whether no check of a level is down. `ready` includes `alive`, and "" is any level.
  [[nodiscard]] static bool healthy(const nlohmann::json& list, const std::string& level);

 private:
  struct Run {
    Entries definition;
    std::shared_ptr<Watch> watch;
    Task* task = nullptr;
    int threshold = 0;
    int successes = 0;
    int failures = 0;
    std::string previous_change;
  };

  void begin(const std::string& name, const Entries& definition);
  void end(Run& run);
  void new_change(Run& run, const std::string& kind);
  void record(Run& run, const std::optional<std::string>& error);
  void record_failure(Run& run, const std::string& error);
  void record_success(Run& run);

  Machine& machine_;
  Changes& changes_;
  std::function<void(const std::string&)> on_failure_;
  std::map<std::string, std::unique_ptr<Run>> runs_;
};

}  // namespace rehearsal::pebble
