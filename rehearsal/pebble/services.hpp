// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/service.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace rehearsal::pebble {

/// All services of the plan, and the actions on them.
class Services {
 public:
  Services(Machine& machine, Changes& changes, const Plans& plans)
      : machine_(machine), changes_(changes), plans_(plans) {}

  /// Makes and begins the change of an action: `start`, `stop` and `restart` with names, `replan`
  /// without. Throws Refusal before any change.
  Change& act(const std::string& action, const std::vector<std::string>& names);

  /// Stops all running services at the end of the agent. Returns null if none runs.
  Change* stop_all();
  /// Returns how long that may take.
  [[nodiscard]] Duration stop_timeout() const;

  /// Throws Refusal with all errors.
  void send_signal(const std::vector<std::string>& names, const std::string& signal);

  void check_failed(const std::string& check);

  /// Returns the service if it was ever started.
  [[nodiscard]] const Service* find(const std::string& name) const;

  /// Returns the output of a service if it was ever started.
  [[nodiscard]] const LogRing* log(const std::string& name) const;

 private:
  void require_in_plan(const std::string& action, const std::vector<std::string>& names) const;
  Change& replan();
  Change& change(const std::string& action, const std::vector<std::string>& stops,
                 const std::vector<std::string>& starts);
  TaskPlan start_task(const std::string& name);
  TaskPlan stop_task(const std::string& name);

  Machine& machine_;
  Changes& changes_;
  const Plans& plans_;
  std::map<std::string, std::unique_ptr<Service>> services_;
};

}  // namespace rehearsal::pebble
