// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/history.hpp"
#include "charm/domain/plan.hpp"
#include "charm/domain/prefix_tree.hpp"
#include "charm/domain/snapshot.hpp"

#include <optional>
#include <string>

/// The steps after which the prefix tree of a unit holds every key of the database. Pure.
///
/// A rebuild is a file on the storage that holds its progress, and a Pebble service. While the file
/// exists, the keyserver stays stopped.
namespace charm::prefix_tree {

/// Writes the file of a rebuild. The next Snapshot then shows a rebuild under way.
[[nodiscard]] Step request_rebuild(const Rebuild& rebuild, std::string log);

/// Returns the next step of the rebuild that is under way, or its progress. If this dispatch began
/// the build, it waits for a few seconds, so a small tree needs no second hook.
[[nodiscard]] Decision continue_rebuild(const Plan& plan, const Snapshot& snapshot);

/// Ends the build, so that the keyserver can start or the unit can stop. The build begins again
/// later.
[[nodiscard]] std::optional<Step> suspend_rebuild(const Snapshot& snapshot);

/// Checks the tree before a keyserver starts with it. Requests a rebuild, or stores a record of the
/// tree.
[[nodiscard]] Decision make_tree_usable(const Snapshot& snapshot, const DatabaseContent& database);

/// Compares the tree of a running keyserver with its database: after each start, each hour, and
/// soon after a bad comparison. Requests a rebuild if the tree is far off.
[[nodiscard]] Decision compare_tree(const Plan& plan, const Snapshot& snapshot,
                                    const Database& database);

}  // namespace charm::prefix_tree
