// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/app/world.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/juju/context.hpp"

namespace charm {

/// Reads every input of one dispatch, each once and only what some handler wants. A Pebble that
/// cannot be reached is no error: the Snapshot then has no workload. Throws juju::HookToolError
/// when the unit agent does not answer.
[[nodiscard]] Snapshot observe(const juju::Context& context, const World& world);

/// Looks again at the workload, the keyserver and the clock, and at nothing that Juju tells. Throws
/// pebble::ConnectionError and pebble::ApiError.
void look_again(Snapshot& snapshot, const World& world);

}  // namespace charm
