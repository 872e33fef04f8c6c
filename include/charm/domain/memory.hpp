// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/layer.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace charm {

/// A relation as an earlier hook read it. A databag is absent where it has to be read again.
struct RememberedRelation {
  int id = 0;
  std::string endpoint;
  std::string remote_app;  ///< Empty until it is needed.
  std::optional<std::map<std::string, std::string>> local_unit_data;
  std::optional<std::map<std::string, std::string>> local_app_data;

  bool operator==(const RememberedRelation&) const = default;
};

/// What a plan of Pebble says: as long as its text is the same, that need not be read again.
struct RememberedPlan {
  std::string text_digest;
  PlanEntries entries;

  bool operator==(const RememberedPlan&) const = default;
};

/// What earlier hooks of this unit read, as far as nothing but a hook of ours, or a change that
/// Juju tells of, can have made it different. Holds only what was read back: whatever a hook
/// writes, the next one has to read. Kept in Juju's unit state, and nothing in it is secret.
struct Memory {
  std::vector<RememberedRelation> relations;  ///< All of them, of every endpoint.
  std::optional<std::set<int>> open_ports;
  std::string address;  ///< The pod's; empty when it is not known.
  std::optional<RememberedPlan> plan;
  /// When all of it was last read, none of it from memory.
  std::chrono::sys_seconds read_at{};

  /// Returns whether it is to be trusted at this time. After an hour everything is read again, so
  /// that nothing that was changed by hand, or for a reason that nobody thought of, stays for long.
  [[nodiscard]] bool is_fresh(std::chrono::sys_seconds now) const;

  /// Returns the relation with this id, or nullptr.
  [[nodiscard]] const RememberedRelation* find(int relation) const;

  bool operator==(const Memory&) const = default;
};

/// Returns a value as it is remembered: a long one by its digest.
[[nodiscard]] std::string short_form(const std::string& value);

/// Whether a value that was read, or is remembered, is this one.
[[nodiscard]] bool is_value(const std::string& known, const std::string& value);

}  // namespace charm
