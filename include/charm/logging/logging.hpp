// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/step.hpp"

namespace charm {

/// Lets Pebble forward the logs to exactly the planned targets, whatever its plan held before, and
/// empties the keyserver's log file when it has grown too long. The keyserver does not wait for its
/// logs: a fault is a status that stays active. The Snapshot must have a workload. Pure.
[[nodiscard]] Decision keep_log_targets(const Plan& plan, const Snapshot& snapshot);

/// Brings promtail to what the plan wants: downloaded once, checked, running, or stopped and gone.
/// The same about faults. Pure.
[[nodiscard]] Decision keep_promtail(const Plan& plan, const Snapshot& snapshot);

}  // namespace charm
