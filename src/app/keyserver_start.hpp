// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/app/world.hpp"
#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "verdict.hpp"

namespace charm {

/// Whether the workload's files are just the wanted ones.
[[nodiscard]] bool same_files(const Workload& workload, const WorkloadPlan& wanted);

/// Makes the wanted directories and writes the wanted files where they differ.
void place_files(const WorkloadPlan& wanted, const Workload& workload,
                 const pebble::Client& pebble);

/// (Re)starts the keyserver as wanted. A prefix tree that is not fit for it, or turns out to be
/// damaged, is asked to be rebuilt first.
[[nodiscard]] Verdict start_keyserver(const Plan& plan, const WorkloadPlan& wanted,
                                      const Snapshot& snapshot, const World& world);

/// What becomes of a keyserver that Pebble cannot keep running.
[[nodiscard]] Verdict mourn_keyserver(const Workload& workload, const World& world);

}  // namespace charm
