// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/step.hpp"

namespace charm {

/// The one place that decides. Compares what is with what the plan wants, concern by concern in a
/// fixed order, and returns what to do next; step::Wait or step::Done when the dispatch is at its
/// end. The unit's status is set last. Pure: no I/O, no clock, no randomness.
[[nodiscard]] Step next_step(const Plan& plan, const Snapshot& snapshot);

}  // namespace charm
