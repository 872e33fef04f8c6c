// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/facts.hpp"
#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/options/settings.hpp"

#include <span>
#include <string_view>

namespace charm {

/// What is known when a relation's databags are about to be read.
struct Occasion {
  /// All of the Snapshot but its secrets, address and ports; relations that come later in the order
  /// of handlers are missing.
  const Snapshot& snapshot;
  const Settings& settings;
  bool own_event = false;  ///< The hook is one of this very relation.
};

/// The databags that a handler looks at. A databag that no handler wants is not fetched: each is
/// one hook tool call.
struct WantedBags {
  bool remote_app = false;
  bool remote_units = false;      ///< The names of the remote units.
  bool remote_unit_bags = false;  ///< Their databags as well.
  bool local_unit = false;
  bool local_app = false;   ///< The leader's own; of others it cannot be read.
  bool shared_app = false;  ///< The same of the peer relation, which every unit may read.
};

/// Knowledge of one interface: how to read its databags and how to fill ours. Pure and stateless;
/// knows nothing of events. Malformed remote data becomes a status or a warning, never an
/// exception.
struct RelationHandler {
  std::string_view endpoint;  ///< In metadata.yaml.

  /// Returns which databags of a relation must be in the Snapshot on this occasion.
  WantedBags (*wants)(const Occasion& occasion) = nullptr;

  /// Returns whether the remote units are wanted after all, now that the remote application's
  /// databag has been read. Null: they are.
  bool (*needs_remote_units)(const Relation& relation) = nullptr;

  /// Adds to `facts` what the remote side of each relation tells, or why it is not enough.
  void (*learn)(const Snapshot& snapshot, const Settings& settings, Facts& facts) = nullptr;

  /// Adds to `plan` what our databags on each relation must hold. Application bags are planned by
  /// the leader only.
  void (*publish)(const Snapshot& snapshot, const Settings& settings, const Facts& facts,
                  Plan& plan) = nullptr;
};

/// Returns the handlers of all endpoints of metadata.yaml, in the order in which their relations
/// are read, and they learn and publish: the peer relation, by which the rest is judged, is the
/// first.
[[nodiscard]] std::span<const RelationHandler* const> handlers() noexcept;

}  // namespace charm
