// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/step.hpp"

#include <optional>

// What a hook decides. Pure: no I/O, no clock, no randomness.
namespace charm {

/// Works out the desired state of one dispatch.
[[nodiscard]] Plan reconcile(const Snapshot& snapshot);

/// The one place that decides. Compares what is with what the plan wants, concern by concern in a
/// fixed order, and returns what to do next; nothing when the dispatch is at its end. The unit's
/// status is set last.
[[nodiscard]] std::optional<Step> next_step(const Plan& plan, const Snapshot& snapshot);

}  // namespace charm
