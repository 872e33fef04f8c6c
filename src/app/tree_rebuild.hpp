// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/app/world.hpp"
#include "charm/domain/plan.hpp"
#include "charm/domain/prefix_tree.hpp"
#include "charm/domain/snapshot.hpp"
#include "verdict.hpp"

namespace charm {

/// Asks for a rebuild: the next look begins it. From here to its end the tree counts for nothing,
/// whatever is killed in between.
void request_rebuild(const prefix_tree::Rebuild& rebuild, const pebble::Client& pebble);

/// Does the next step of the rebuild that the snapshot's workload has. While there is one the
/// keyserver does not start. A unit whose tree nobody asks for is rid of it instead.
[[nodiscard]] Verdict continue_rebuild(const Plan& plan, const Snapshot& snapshot,
                                       const World& world);

/// Stops the build. A rebuild under way begins anew when the workload is to run again.
void suspend_rebuild(const Workload& workload, const pebble::Client& pebble);

/// Keeps what is known of the tree beside it.
void keep_record(const prefix_tree::Record& record, const pebble::Client& pebble);

}  // namespace charm
