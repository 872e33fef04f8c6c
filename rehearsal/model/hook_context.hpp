// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/changes.hpp"
#include "rehearsal/model/event.hpp"
#include "rehearsal/model/model.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace rehearsal {

/// The view of one dispatch on the model, and its requests. The hook tools use this.
struct HookContext {
  Model& model;  ///< Immediate tools write here; all other changes wait in `changes`.
  std::string unit_name;
  Event event;
  std::string id;            ///< JUJU_CONTEXT_ID
  bool leader = false;       ///< The state at the start of the dispatch.
  std::uint64_t random = 0;  ///< The dispatch's own generator, see `draw`.
  Changes changes = {};
  Task* task = nullptr;  ///< Set in an action.
  bool task_failed = false;
  /// Writes one record to the unit's log: level, logger, text.
  std::function<void(const std::string&, const std::string&, const std::string&)> log = {};
  /// Called after a change of `model.services`.
  std::function<void()> names_changed = {};

  [[nodiscard]] Unit& unit() const { return model.unit(unit_name); }

  [[nodiscard]] Application& application() const { return model.application(app_of(unit_name)); }
};

/// Returns `/var/lib/juju/agents/unit-hk-0`, which contains `charm`, `agent.socket` and
/// `resources`.
[[nodiscard]] std::string agent_directory(const std::string& unit);
[[nodiscard]] std::string charm_directory(const std::string& unit);
/// `/var/lib/juju/tools/unit-hk-0`
[[nodiscard]] std::string tools_directory(const std::string& unit);

/// Returns a JUJU_CONTEXT_ID for a new dispatch.
[[nodiscard]] std::string new_context_id(Model& model, const std::string& unit, const Event& event);

/// Returns the whole environment of a dispatch, with nothing else in it (Juju 3.6, hook
/// environment).
[[nodiscard]] std::map<std::string, std::string> dispatch_environment(
    const Model& model, const std::string& unit, const Event& event, const std::string& context_id);

/// The environment that gives a dispatch the model's clock, where the model wants that: libfaketime
/// moves it by the distance to the machine's clock.
[[nodiscard]] std::map<std::string, std::string> clock_environment(const Model& model,
                                                                   Millis machine_clock);

}  // namespace rehearsal
