// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/app/world.hpp"
#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"

#include <optional>

namespace charm {

/// What an apply() came to.
struct Applied {
  Status status;                        ///< The unit's.
  std::optional<AdminKeys> admin_keys;  ///< Set when they changed.
};

/// Makes the world as the plan wants it and writes only what differs: ports, then the workload,
/// then databags, then the status. Everything up to the databags can be repeated after a kill at
/// any point. Throws juju::HookToolError when the unit agent fails; a failing Pebble or PostgreSQL
/// becomes a status.
Applied apply(const Plan& plan, const Snapshot& snapshot, const World& world);

}  // namespace charm
