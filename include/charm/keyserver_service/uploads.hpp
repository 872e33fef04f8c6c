// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/step.hpp"

#include <string>

namespace charm {

/// Returns the leader's next step towards a database that accepts only the planned keys. Needs
/// neither Pebble nor a running keyserver. Asks nothing if an earlier hook did it. Pure.
[[nodiscard]] Decision keep_uploads(const Plan& plan, const Snapshot& snapshot);

/// Returns the value of Memory::uploads after this dispatch. Pure.
[[nodiscard]] std::string known_uploads(const Plan& plan, const Snapshot& snapshot);

}  // namespace charm
