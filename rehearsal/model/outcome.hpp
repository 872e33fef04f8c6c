// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/model.hpp"

#include <string>
#include <vector>

namespace rehearsal {

/// Records that a unit has completed an event, with its consequences. The event does not come
/// again.
void note_done(Model& model, const std::string& unit, const Event& event);
/// Records that a hook failed. Workload hooks are only delayed for five seconds. Any other hook
/// blocks the unit until its retry (5 s, doubling to 5 min) succeeds.
void note_failed(Model& model, const std::string& unit, const Event& event);
/// Records that a hook was killed from outside: it runs again, and no error is shown.
void note_interrupted(Model& model, const std::string& unit, const Event& event);
/// Restores the status after an action: `error` if a hook had failed, else `idle`.
void restore_agent_status(Model& model, const std::string& unit);

/// Sets the statuses that Juju itself sets just before a hook.
void set_status_before(Model& model, const std::string& unit, const Event& event);

/// Marks a unit as dying: the other units of its relations see it leave immediately.
void begin_removal(Model& model, const std::string& unit);
/// Removes relations, units and applications whose last hook has run. Returns the removed units.
std::vector<std::string> sweep(Model& model);

}  // namespace rehearsal
