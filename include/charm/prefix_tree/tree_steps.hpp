// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/history.hpp"
#include "charm/domain/plan.hpp"
#include "charm/domain/prefix_tree.hpp"
#include "charm/domain/snapshot.hpp"

#include <optional>
#include <string>

/// How the leader's prefix tree comes to hold every key of the database. Pure.
///
/// A rebuild is a file on the storage that says how far it is, and a Pebble service. While the file
/// is there the keyserver stays stopped.
namespace charm::prefix_tree {

/// Puts the file of a rebuild into its place: the next look finds one under way.
[[nodiscard]] Step request_rebuild(const Rebuild& rebuild, std::string log);

/// The next step of the rebuild that is under way, or how far it is. On a unit that does not
/// reconcile the tree is removed instead. A build that was begun in this dispatch is waited for a
/// few seconds: a small tree needs no second hook.
[[nodiscard]] Decision continue_rebuild(const Plan& plan, const Snapshot& snapshot);

/// Ends the build, so that the keyserver can start or the unit can stop; it begins again later.
[[nodiscard]] std::optional<Step> suspend_rebuild(const Snapshot& snapshot);

/// Looks at the tree before a keyserver that reconciles starts with it: asks for a rebuild, or
/// keeps a record of the tree.
[[nodiscard]] Decision make_tree_usable(const Plan& plan, const Snapshot& snapshot,
                                        const DatabaseContent& database);

/// Compares the tree of a keyserver that serves with its database: after each start, each hour, and
/// soon after a bad comparison. Asks for a rebuild where the tree is far off.
[[nodiscard]] Decision compare_tree(const Plan& plan, const Snapshot& snapshot,
                                    const Database& database);

}  // namespace charm::prefix_tree
