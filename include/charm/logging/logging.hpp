// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/step.hpp"

namespace charm {

/// Makes Pebble forward the logs to exactly the planned targets, and empties the keyserver's log
/// file if it is too long. The keyserver does not wait for its logs, so a fault is an active
/// status. The Snapshot must have a workload. Pure.
[[nodiscard]] Decision keep_log_targets(const Plan& plan, const Snapshot& snapshot);

/// Brings promtail into its planned state: downloaded once, checked and running, or stopped and
/// removed. A fault is an active status here as well. Pure.
[[nodiscard]] Decision keep_promtail(const Plan& plan, const Snapshot& snapshot);

}  // namespace charm
