// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/step.hpp"

#include <optional>

namespace charm {

inline constexpr const char* memory_key = "memory";

/// The step that keeps what the dispatch has read, or nothing where that is kept already. Nothing
/// is kept that is more than Juju takes. A databag that this dispatch has written the next one has
/// to read, as only then is it known to have arrived. Pure.
[[nodiscard]] std::optional<Step> remember(const Plan& plan, const Snapshot& snapshot);

}  // namespace charm
