// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/step.hpp"

namespace charm {

/// Returns the next step towards the planned keyserver: started with the first database that
/// accepts writes, changed, or stopped without a file of ours. Its prefix tree is included.
/// Statuses are for the operator; there are none if the keyserver serves. The Snapshot must have a
/// workload. Pure.
///
/// A failed database never stops a running keyserver.
[[nodiscard]] Decision keep_keyserver(const Plan& plan, const Snapshot& snapshot);

/// Returns the value of Memory::has_version after this dispatch. Pure.
[[nodiscard]] bool has_version(const Snapshot& snapshot);

}  // namespace charm
