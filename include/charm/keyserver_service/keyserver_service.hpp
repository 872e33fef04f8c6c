// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/step.hpp"

namespace charm {

/// The next step towards what the plan wants of the keyserver: started with the first database that
/// accepts writes, changed, or stopped without a file of ours; its prefix tree included. Statuses
/// say what a person should know: none when the keyserver serves. The Snapshot must have a
/// workload. Pure.
///
/// A database that is down never stops a running keyserver.
[[nodiscard]] Decision keep_keyserver(const Plan& plan, const Snapshot& snapshot);

}  // namespace charm
