// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/juju/context.hpp"
#include "charm/juju/hook_tools.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace charm {

/// Reads what this unit remembers. Nothing where a pod, the agent or the charm's code is new, or
/// where everything was last read long ago: then it is read, whatever has happened meanwhile.
[[nodiscard]] std::optional<Memory> recall(const juju::Context& context,
                                           const juju::HookTools& juju,
                                           std::chrono::sys_seconds now);

/// Keeps what the dispatch has read, where that differs from what is remembered; nothing where that
/// is more than Juju keeps. `settled` are the publications that had nothing to be written: what was
/// written the next dispatch has to read, as only then is it known to have arrived.
void remember(const Snapshot& snapshot, const Plan& plan, const std::vector<Publication>& settled,
              const juju::HookTools& juju);

}  // namespace charm
