// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/app/world.hpp"
#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/status.hpp"

#include <vector>

namespace charm {

/// Lets Pebble forward the logs to exactly the planned targets, whatever its plan held before, and
/// begins the keyserver's log file anew when it has grown too long. Returns what a person should
/// know. Throws pebble::ConnectionError only: the keyserver does not wait for its logs.
[[nodiscard]] std::vector<Status> apply_log_targets(const Plan& plan, const Snapshot& snapshot,
                                                    const World& world);

/// Brings promtail to what the plan wants: downloaded once, checked, running, or stopped and gone.
/// Returns and throws the same.
[[nodiscard]] std::vector<Status> apply_promtail(const Plan& plan, const Snapshot& snapshot,
                                                 const World& world);

}  // namespace charm
