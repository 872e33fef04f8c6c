// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/managed_service.hpp"
#include "rehearsal/pebble/plans.hpp"
#include "rehearsal/pebble/start_order.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rehearsal::pebble {

struct ServiceInfo {
  std::string name;
  std::string startup;
  std::string current;
  std::optional<SystemTime> current_since;
};

/// All services of the plan, and what to do to them. Every function expects the lock to be held.
class Services {
 public:
  Services(ServiceHost host, const Plans& plans);

  /// Sorted by name; unknown names are left out, no names mean all services.
  std::vector<ServiceInfo> list(const std::vector<std::string>& names) const;

  /// The services that autostart starts, in their order.
  std::vector<std::string> enabled() const;

  /// Makes and begins the change of an action: "start", "stop", "restart", "autostart". Throws
  /// LayerError for an unknown service, before anything is done.
  Change& act(const std::string& action, const std::vector<std::string>& names);

  /// Stops what was started with another definition than the plan's, then starts that and
  /// everything enabled.
  Change& replan();

  /// Stops everything that runs, for the end of the agent; none if nothing does.
  Change* stop_all();
  /// How long that may take.
  Duration stop_timeout() const;

  /// Throws std::invalid_argument with all that went wrong.
  void send_signal(const std::vector<std::string>& names, const std::string& signal);

  void check_failed(const std::string& check);

  /// The output of a service, if it was ever started.
  const LogRing* log(const std::string& name) const;

 private:
  TaskPlan start_task(const std::string& name, int lane);
  TaskPlan stop_task(const std::string& name, int lane);
  std::vector<TaskPlan> tasks(const Lanes& stops, const Lanes& starts);
  std::vector<std::string> take_changed();
  ManagedService& ensure(const Service& config);
  ManagedService* find(const std::string& name);

  ServiceHost host_;
  const Plans& plans_;
  std::map<std::string, std::unique_ptr<ManagedService>> services_;
};

}  // namespace rehearsal::pebble
