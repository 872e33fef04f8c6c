// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/app/world.hpp"
#include "charm/domain/plan.hpp"
#include "charm/domain/prefix_tree.hpp"
#include "charm/domain/snapshot.hpp"
#include "verdict.hpp"

namespace charm {

/// Whether the keyserver may start with the tree that is there. If not, asks for a rebuild.
[[nodiscard]] bool make_tree_usable(const Plan& plan, const prefix_tree::DatabaseContent& database,
                                    const World& world);

/// Compares the tree of a keyserver that serves with its database, if that is due. One that is far
/// off is asked to be rebuilt (nothing is returned then), or told of.
[[nodiscard]] Verdict compare_tree(const Plan& plan, const Database& database,
                                   const Workload& workload, const World& world, bool just_started);

}  // namespace charm
