// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/step.hpp"

#include <optional>

// The decisions of a hook. Pure: no I/O, no clock, no randomness.
namespace charm {

/// Derives the desired state from the inputs of one dispatch.
[[nodiscard]] Plan reconcile(const Snapshot& snapshot);

/// The one place that decides. Compares the state with the plan, concern by concern in a fixed
/// order, and returns the next step. Returns nothing at the end of the dispatch. The unit's status
/// is set last.
[[nodiscard]] std::optional<Step> next_step(const Plan& plan, const Snapshot& snapshot);

}  // namespace charm
