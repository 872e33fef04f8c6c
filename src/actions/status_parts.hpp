// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"
#include "peer_report.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace charm::actions {

/// What the database told.
struct DatabaseState {
  std::string endpoint;
  std::optional<postgres::Statistics> statistics;
  std::string missing;  ///< Why there are none.
};

/// What Pebble tells of its health checks.
struct CheckStates {
  std::map<std::string, std::string> by_name;  ///< `up`, `down` or `inactive`.
  std::string missing;                         ///< Why they are not known; else empty.
};

/// All that a status is made of, each of which may lack what could not be had.
struct StatusSources {
  const Snapshot& snapshot;
  const Plan& plan;
  CharmIdentity charm;
  DatabaseState database;
  CheckStates checks;
  PeerSources peers;
};

/// One part of the status, for programs and for people.
struct StatusPart {
  std::string key;  ///< In kebab-case.
  nlohmann::ordered_json json;
  std::string text;  ///< One line.
};

/// Returns every part, in the order in which to show them. What cannot be had says why: in JSON as
/// `{"error": "…"}`.
[[nodiscard]] std::vector<StatusPart> status_parts(const StatusSources& sources);

}  // namespace charm::actions
