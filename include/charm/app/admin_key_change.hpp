// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/app/world.hpp"
#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"

#include <optional>
#include <vector>

namespace charm {

/// What became of the admin keys.
struct AdminKeyOutcome {
  std::vector<Status> statuses;   ///< What a person should know: nothing when all is well.
  std::optional<AdminKeys> keys;  ///< Set when they changed; the other units are told.
};

/// Goes one step with a keyserver that serves and has the planned configuration.
///
/// Hockeypuck verifies our requests with the key that it has itself: uploads the one in use where
/// it is missing. The next key takes its place once the keyserver takes requests of it; that only
/// writes to Juju. Keys that were retired by an earlier dispatch are revoked, or dropped, once the
/// one in use works: revoking cannot be undone, so it waits until Juju has kept what came before.
[[nodiscard]] AdminKeyOutcome settle_admin_keys(const Plan& plan, const Snapshot& snapshot,
                                                const World& world);

/// Whether the keyserver takes requests of the key in use, right now.
[[nodiscard]] bool is_taken(const AdminKeyReference& reference, const World& world);

}  // namespace charm
