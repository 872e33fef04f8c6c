// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/step.hpp"

namespace charm {

/// Makes the programs of the workload container trust exactly the planned certificates, and removes
/// others that the charm installed earlier. Restarts nothing, although a Go program reads its
/// certificates only once. A fault is an active status. The Snapshot must have a workload. Pure.
[[nodiscard]] Decision keep_trust(const Plan& plan, const Snapshot& snapshot);

}  // namespace charm
