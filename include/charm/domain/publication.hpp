// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/databag.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/step.hpp"

#include <optional>
#include <vector>

namespace charm {

/// Returns the databag that the publication is for: as it was read or is remembered, with what this
/// dispatch has written since.
[[nodiscard]] Databag current_bag(const Publication& publication, const Snapshot& snapshot);

/// Returns what relation-set must be told to turn `current`, read or remembered, into `wanted`;
/// empty values delete. The keys that Juju writes itself are left alone.
[[nodiscard]] Databag databag_changes(const Databag& current, const Databag& wanted);

/// The step that makes our databags what the publications say, or nothing where they are, or where
/// this dispatch has tried it already.
[[nodiscard]] std::optional<Step> publish(Concern concern,
                                          const std::vector<Publication>& publications,
                                          const Snapshot& snapshot);

/// Whether this dispatch has written to the databag, or tried to.
[[nodiscard]] bool is_written(const Publication& publication, const History& history);

}  // namespace charm
