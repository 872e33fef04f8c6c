// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"

namespace charm {

/// Works out the desired state of one dispatch. Pure: no I/O, no clock, no randomness.
[[nodiscard]] Plan reconcile(const Snapshot& snapshot);

}  // namespace charm
