// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"
#include "charm/domain/deadline.hpp"
#include "charm/doors/doors.hpp"
#include "charm/juju/context.hpp"

#include <chrono>
#include <string>

namespace charm {

/// Returns how long the action that `context` names may ask others. After that, each of them counts
/// as unreachable.
[[nodiscard]] Deadline deadline_of_action(const juju::Context& context);

/// Runs the action that `context` names and passes its results to Juju. A fault in the action or
/// before it fails the action with a sentence. The dispatch itself never fails.
void run_action(const juju::Context& context, const Doors& doors);

/// Makes a new admin key, lets the keyserver accept requests of both keys, and stores the new one
/// in Juju once it works. Otherwise throws actions::Failure. The next hook then restores the
/// configuration, and the current key stays in use.
[[nodiscard]] actions::AdminKeyRotation rotate_admin_key(const juju::Context& context,
                                                         const Doors& doors);

/// Rebuilds the prefix tree from the database, as a hook does, and starts the keyserver with it.
/// Waits for the end, but no longer than the given time; later hooks do the rest. The reason
/// follows "rebuilding the prefix tree: ". Throws actions::Failure if it cannot begin.
[[nodiscard]] prefix_tree::Outcome rebuild_tree(const juju::Context& context, const Doors& doors,
                                                const std::string& reason,
                                                std::chrono::seconds wait);

}  // namespace charm
