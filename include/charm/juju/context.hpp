// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <map>
#include <optional>
#include <string>

namespace charm::juju {

/// One dispatch, as Juju 3.6 and 4.0 describe it in the environment. Missing variables are empty.
struct Context {
  std::string dispatch_path;  ///< `hooks/config-changed`, `actions/show-status`; names the event.
  std::string hook_name;      ///< `config-changed`; empty in actions.
  std::string action_name;    ///< Empty outside actions.
  std::string unit_name;
  std::string model_name;
  std::string model_uuid;
  std::string charm_dir;
  std::string relation_endpoint;       ///< Empty unless the event is a relation's.
  std::optional<int> relation_id;      ///< Absent unless the event is a relation's.
  std::optional<int> broken_relation;  ///< Set only in `<endpoint>-relation-broken`.
  bool leaving = false;  ///< Juju removes this unit. Set only in `<endpoint>-relation-departed`.
  std::string secret_id;
  std::optional<int> secret_revision;
  std::map<std::string, std::string> proxies;  ///< `JUJU_CHARM_*_PROXY` variables with a value.

  /// Reads the variables of one environment.
  [[nodiscard]] static Context from(const std::map<std::string, std::string>& environment);

  /// `stop` and `remove` ask the workload to stop, everything else to run.
  [[nodiscard]] Goal goal() const;

  /// True in `update-status` and in actions, which report no change.
  [[nodiscard]] bool announces_no_change() const;

  /// True if a pod, an agent or the charm's code is new.
  [[nodiscard]] bool begins_anew() const;

  /// False for events that need nothing from this charm (collect-metrics and the like, or an empty
  /// environment). They must exit 0 without a single call of a hook tool.
  [[nodiscard]] bool concerns_us() const;
};

/// Returns this process's environment.
[[nodiscard]] std::map<std::string, std::string> process_environment();

}  // namespace charm::juju
