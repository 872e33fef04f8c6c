// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/step.hpp"

#include <optional>

namespace charm {

inline constexpr const char* memory_key = "memory";

/// Returns the step that stores what the dispatch has read, or nothing if that is stored already.
/// Stores nothing larger than Juju accepts. Leaves out a databag that this dispatch has written:
/// the next dispatch must read it to know that it arrived. Pure.
[[nodiscard]] std::optional<Step> remember(const Plan& plan, const Snapshot& snapshot);

}  // namespace charm
