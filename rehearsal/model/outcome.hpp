// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/model.hpp"

#include <string>
#include <vector>

namespace rehearsal {

/// Notes that a unit is done with an event: what follows from it, and that it is not told again.
void note_done(Model& model, const std::string& unit, const Event& event);
/// Notes that a hook failed. Workload hooks are only put off for five seconds; any other blocks the
/// unit until its retry (5 s, doubling to 5 min) succeeds.
void note_failed(Model& model, const std::string& unit, const Event& event);
/// Notes that a hook was killed from outside: it runs again, without an error showing.
void note_interrupted(Model& model, const std::string& unit, const Event& event);
/// After an action: `error` again where a hook had failed, else `idle`.
void restore_agent_status(Model& model, const std::string& unit);

/// Statuses Juju sets on its own just before a hook.
void set_status_before(Model& model, const std::string& unit, const Event& event);

/// Makes a unit dying: the other units of its relations see it leave at once.
void begin_removal(Model& model, const std::string& unit);
/// Drops relations, units and applications whose last hook has run; returns the units dropped.
std::vector<std::string> sweep(Model& model);

}  // namespace rehearsal
