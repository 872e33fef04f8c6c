// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/step.hpp"

namespace charm {

/// Lets the programs of the workload container trust the planned certificates, and no other ones
/// that the charm once put there. Starts nothing again: a program in Go reads its certificates
/// once. A fault is a status that stays active. The Snapshot must have a workload. Pure.
[[nodiscard]] Decision keep_trust(const Plan& plan, const Snapshot& snapshot);

}  // namespace charm
