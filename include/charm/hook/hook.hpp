// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/doors/doors.hpp"
#include "charm/juju/context.hpp"

namespace charm {

/// Reads every input of one dispatch once, and only the data that some handler needs. An
/// unreachable Pebble is not an error: the Snapshot then has no workload. Throws
/// juju::HookToolError if the unit agent does not answer.
[[nodiscard]] Snapshot observe(const juju::Context& context, const Doors& doors);

/// Returns the Snapshot after a step. The step is in its history, and any part of the workload that
/// the step may have changed is read again. Juju's data stays, because this hook has already read
/// it.
[[nodiscard]] Snapshot look_again(Snapshot before, Performed done, const Doors& doors);

/// Does one step. No other code of a hook writes to Juju, Pebble, PostgreSQL or the keyserver. It
/// decides nothing. A fault that an operator or a later hook can resolve is a Refusal. Throws
/// juju::HookToolError if the unit agent fails.
[[nodiscard]] Answer perform(const Step& step, const Doors& doors);

/// The end of a hook: its last Snapshot and its last Plan.
struct HookOutcome {
  Snapshot snapshot;
  Plan plan;

  /// The unit's status; empty if the hook set none.
  [[nodiscard]] Status status() const;
};

/// Runs one hook: plans, does one step and looks again, until only waiting is left. Begins with the
/// Snapshot of observe(). If the charm is killed between two steps, the next hook continues from
/// the state that it sees. Throws juju::HookToolError if the unit agent fails. A fault of Pebble,
/// PostgreSQL or the keyserver becomes a status.
HookOutcome run_hook(const juju::Context& context, const Doors& doors, Snapshot observed);

}  // namespace charm
