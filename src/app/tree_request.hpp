// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/app/world.hpp"
#include "charm/domain/plan.hpp"
#include "charm/domain/prefix_tree.hpp"
#include "charm/domain/snapshot.hpp"

#include <chrono>
#include <string>

namespace charm {

/// Rebuilds the prefix tree because a person wants it: asks for it, then does what hooks do, again
/// and again, until the keyserver serves with the new tree or the time is up. Tells the unit's
/// status as a hook does. Throws actions::Failure when it cannot begin.
[[nodiscard]] prefix_tree::Outcome rebuild_tree(const Plan& plan, Snapshot snapshot,
                                                const std::string& reason,
                                                std::chrono::seconds wait, const World& world);

}  // namespace charm
