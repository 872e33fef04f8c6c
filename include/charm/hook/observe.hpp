// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"
#include "charm/doors/doors.hpp"
#include "charm/juju/context.hpp"

namespace charm {

/// Reads every input of one dispatch, each once and only what some handler wants. A Pebble that
/// cannot be reached is no error: the Snapshot then has no workload. Throws juju::HookToolError
/// when the unit agent does not answer.
[[nodiscard]] Snapshot observe(const juju::Context& context, const Doors& doors,
                               const Request& request = {});

/// The Snapshot after a step: the step is in its history, and what it may have changed in the
/// workload is read again. What Juju tells stays: it was read in this hook.
[[nodiscard]] Snapshot look_again(Snapshot before, Performed done, const Doors& doors);

}  // namespace charm
