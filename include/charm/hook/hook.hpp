// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/doors/doors.hpp"
#include "charm/juju/context.hpp"

namespace charm {

/// How a hook ended: with what it saw last, and what it was heading for.
struct HookOutcome {
  Snapshot snapshot;
  Plan plan;

  /// The unit's status; empty where the hook set none.
  [[nodiscard]] Status status() const;
};

/// Runs one hook: looks, plans, does one step, looks again, until nothing is left to do but wait.
/// Actions that change something are a hook with a request. Killed between any two steps, the next
/// one goes on from what it sees. Throws juju::HookToolError when the unit agent fails; a failing
/// Pebble, PostgreSQL or keyserver becomes a status.
HookOutcome run_hook(const juju::Context& context, const Doors& doors, const Request& request = {});

}  // namespace charm
