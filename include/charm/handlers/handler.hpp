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

/// What is known before a relation's databags are read.
struct Occasion {
  /// The Snapshot without its secrets, address and ports. Relations that come later in the order of
  /// handlers are missing.
  const Snapshot& snapshot;
  const Settings& settings;
  bool own_event = false;  ///< The hook is an event of this relation.
};

/// The databags that a handler needs. Other databags are not read, because each one costs a call of
/// a hook tool.
struct WantedBags {
  bool remote_app = false;
  bool remote_units = false;      ///< The names of the remote units.
  bool remote_unit_bags = false;  ///< Their databags as well.
  bool local_unit = false;
  bool local_app = false;   ///< The leader's own; other units cannot read it.
  bool shared_app = false;  ///< The same on the peer relation, where every unit may read it.
};

/// Knowledge of one interface: how to read its databags and how to fill ours. Pure and stateless;
/// independent of events. Malformed remote data becomes a status or a warning, never an exception.
struct RelationHandler {
  std::string_view endpoint;  ///< The name in metadata.yaml.

  /// Returns the databags of a relation that must be in the Snapshot on this occasion.
  WantedBags (*wants)(const Occasion& occasion) = nullptr;

  /// Returns whether the remote units are needed as well, now that the remote application's databag
  /// has been read. Null: they are needed.
  bool (*needs_remote_units)(const Relation& relation) = nullptr;

  /// Adds to `facts` the data that the remote side of each relation published, or the reason why it
  /// is not enough.
  void (*learn)(const Snapshot& snapshot, const Settings& settings, Facts& facts) = nullptr;

  /// Adds to `plan` the content of our databags on each relation. Only the leader plans the
  /// application's databags.
  void (*publish)(const Snapshot& snapshot, const Settings& settings, const Facts& facts,
                  Plan& plan) = nullptr;
};

/// Returns the handlers of all endpoints of metadata.yaml. Their relations are read in this order,
/// and they learn and publish in this order. The peer relation is the first, because the others
/// depend on it.
[[nodiscard]] std::span<const RelationHandler* const> handlers() noexcept;

}  // namespace charm
