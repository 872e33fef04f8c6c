// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"

namespace charm {

/// Returns the databag that the publication is for, as it was read or is remembered.
[[nodiscard]] const Databag& current_bag(const Publication& publication, const Snapshot& snapshot);

/// Returns what relation-set must be told to turn `current`, read or remembered, into `wanted`;
/// empty values delete. The keys that Juju writes itself are left alone.
[[nodiscard]] Databag databag_changes(const Databag& current, const Databag& wanted);

}  // namespace charm
