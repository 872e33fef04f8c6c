// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/service.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace rehearsal::pebble {

/// All services of the plan, and what to do to them.
class Services {
 public:
  Services(Machine& machine, Changes& changes, const Plans& plans)
      : machine_(machine), changes_(changes), plans_(plans) {}

  /// Makes and begins the change of an action: `start`, `stop`, `restart` with names, `replan`
  /// without. Throws Refusal, before anything is done.
  Change& act(const std::string& action, const std::vector<std::string>& names);

  /// Stops everything that runs, for the end of the agent; none if nothing does.
  Change* stop_all();
  /// How long that may take.
  [[nodiscard]] Duration stop_timeout() const;

  /// Throws Refusal with all that went wrong.
  void send_signal(const std::vector<std::string>& names, const std::string& signal);

  void check_failed(const std::string& check);

  /// The service, if it was ever started.
  [[nodiscard]] const Service* find(const std::string& name) const;

  /// The output of a service, if it was ever started.
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
