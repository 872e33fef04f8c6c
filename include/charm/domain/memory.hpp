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

/// A relation as an earlier hook read it. A databag is absent if it must be read again.
struct RememberedRelation {
  int id = 0;
  std::string endpoint;
  std::string remote_app;  ///< Empty until it is needed.
  std::optional<std::map<std::string, std::string>> local_unit_data;
  std::optional<std::map<std::string, std::string>> local_app_data;

  bool operator==(const RememberedRelation&) const = default;
};

/// A plan that was read from Pebble. While its text is unchanged, it need not be parsed again.
struct RememberedPlan {
  std::string text_digest;
  PlanEntries entries;

  bool operator==(const RememberedPlan&) const = default;
};

/// The data that earlier hooks of this unit read. Only our own hooks, or a change that Juju
/// reports, can have changed it since then. It holds only data that was read back: the next hook
/// must read everything that a hook writes. Kept in Juju's unit state; nothing in it is secret.
struct Memory {
  std::vector<RememberedRelation> relations;  ///< All relations of every endpoint.
  std::optional<std::set<int>> open_ports;
  std::string address;  ///< The pod's address; empty if unknown.
  std::optional<RememberedPlan> plan;
  /// Juju has the version of the keyserver that runs.
  bool has_version = false;
  /// The digest of the upload policy that the leader found or put in the database; else empty.
  std::string uploads;
  bool leaving = false;  ///< Juju removes this unit, which only some of its last hooks say.
  /// The last time when everything was read, and nothing came from memory.
  std::chrono::sys_seconds read_at{};

  /// Returns whether the data may be used at this time. After an hour everything is read again, so
  /// that a manual or unforeseen change is noticed.
  [[nodiscard]] bool is_fresh(std::chrono::sys_seconds now) const;

  /// Returns the relation with this ID, or nullptr.
  [[nodiscard]] const RememberedRelation* find(int relation) const;

  bool operator==(const Memory&) const = default;
};

/// Returns a value in the form that is remembered: the digest replaces a long value.
[[nodiscard]] std::string short_form(const std::string& value);

/// Whether a value that was read or remembered equals this one.
[[nodiscard]] bool is_value(const std::string& known, const std::string& value);

}  // namespace charm
