// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/app/world.hpp"
#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/openpgp/admin_key.hpp"

#include <vector>

namespace charm {

/// The leader makes the admin key, once for the application's life, and gives it to Juju as a
/// secret of the application. Where it has been made, or nobody can be told of it yet (there is no
/// peer relation), this does nothing.
void make_admin_key(Snapshot& snapshot, const World& world);

/// Reads the key from its secret. Throws charm::Error when Juju does not give it.
[[nodiscard]] openpgp::AdminKey read_admin_key(const AdminKeyReference& reference,
                                               const juju::HookTools& juju);

/// Hockeypuck verifies our requests with the key that it has itself: uploads it where it is
/// missing. Returns a status when the keyserver does not take it.
[[nodiscard]] std::vector<Status> ensure_admin_key(const Plan& plan, const World& world);

}  // namespace charm
