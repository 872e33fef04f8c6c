// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/databag.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/step.hpp"

#include <optional>
#include <vector>

namespace charm {

/// Returns the databag that the publication is for, with the changes of this dispatch. It starts
/// from the databag that was read or remembered.
[[nodiscard]] Databag current_bag(const Publication& publication, const Snapshot& snapshot);

/// Returns the changes that turn `current`, read or remembered, into `wanted`, as relation-set
/// needs them. Empty values delete. The keys that Juju itself writes are left alone.
[[nodiscard]] Databag databag_changes(const Databag& current, const Databag& wanted);

/// Returns the step that publishes our databags. Returns nothing if they are already right, or if
/// this dispatch has already tried.
[[nodiscard]] std::optional<Step> publish(Concern concern,
                                          const std::vector<Publication>& publications,
                                          const Snapshot& snapshot);

/// Whether this dispatch has written to the databag, or tried to.
[[nodiscard]] bool is_written(const Publication& publication, const History& history);

}  // namespace charm
