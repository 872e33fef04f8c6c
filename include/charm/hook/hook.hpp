// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/doors/doors.hpp"
#include "charm/juju/context.hpp"

namespace charm {

/// Reads every input of one dispatch, each once and only what some handler wants. A Pebble that
/// cannot be reached is no error: the Snapshot then has no workload. Throws juju::HookToolError
/// when the unit agent does not answer.
[[nodiscard]] Snapshot observe(const juju::Context& context, const Doors& doors);

/// The Snapshot after a step: the step is in its history, and what it may have changed in the
/// workload is read again. What Juju tells stays: it was read in this hook.
[[nodiscard]] Snapshot look_again(Snapshot before, Performed done, const Doors& doors);

/// Does one step: the only code of a hook that writes anything, to Juju, to Pebble, to PostgreSQL
/// and to the keyserver. It decides nothing. What an operator or a later hook can do something
/// about is a Refusal; throws juju::HookToolError when the unit agent fails.
[[nodiscard]] Answer perform(const Step& step, const Doors& doors);

/// How a hook ended: with what it saw last, and what it was heading for.
struct HookOutcome {
  Snapshot snapshot;
  Plan plan;

  /// The unit's status; empty where the hook set none.
  [[nodiscard]] Status status() const;
};

/// Runs one hook: plans, does one step, looks again, until nothing is left to do but wait. Begins
/// with what observe() has read. Killed between any two steps, the next one goes on from what it
/// sees. Throws juju::HookToolError when the unit agent fails; a failing Pebble, PostgreSQL or
/// keyserver becomes a status.
HookOutcome run_hook(const juju::Context& context, const Doors& doors, Snapshot observed);

}  // namespace charm
