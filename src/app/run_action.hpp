// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"
#include "charm/doors/doors.hpp"
#include "charm/juju/context.hpp"

#include <chrono>
#include <string>

namespace charm {

/// Runs the action that `context` names and gives Juju its results. Whatever goes wrong, in the
/// action or before it, fails the action with a sentence and not the dispatch.
void run_action(const juju::Context& context, const Doors& doors);

/// Makes a new admin key, lets the keyserver take requests of both keys, and gives the new one to
/// Juju once it works. Throws actions::Failure otherwise: then the next hook restores the
/// configuration, and the key in use stays what it is.
[[nodiscard]] actions::AdminKeyRotation rotate_admin_key(const juju::Context& context,
                                                         const Doors& doors);

/// Rebuilds the prefix tree from the database, as a hook does, and starts the keyserver with it.
/// Waits at most so long for the end; what is not done then, the next hooks do. The reason follows
/// "rebuilding the prefix tree: ". Throws actions::Failure when it cannot begin.
[[nodiscard]] prefix_tree::Outcome rebuild_tree(const juju::Context& context, const Doors& doors,
                                                const std::string& reason,
                                                std::chrono::seconds wait);

}  // namespace charm
