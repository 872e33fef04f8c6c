// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"
#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/doors/doors.hpp"
#include "charm/keyserver/statistics.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace charm::actions {

/// One partner of reconciliation: as wanted, as the keyserver lists it, and a verdict.
struct PeerReport {
  Partner partner;
  keyserver::PartnerExchange incoming;
  keyserver::PartnerExchange outgoing;
  keyserver::PartnerExchange recovery;
  /// Keys fetched from its addresses since the keyserver's start; absent when unknown.
  std::optional<std::int64_t> recovered_keys;
  std::string verdict;  ///< `ok`, or what is wrong, in a few words.

  bool operator==(const PeerReport&) const = default;
};

/// The input of report_peers().
struct PeerSources {
  bool leader = false;            ///< Only the leader's keyserver reconciles.
  std::optional<ReconPlan> plan;  ///< Absent when an option is wrong.
  std::optional<keyserver::Statistics> statistics;
  std::string no_statistics;  ///< Why there are none.
  keyserver::Metrics metrics;
  /// IP addresses of a host name; none for one that cannot be resolved.
  std::function<std::vector<std::string>(const std::string& host)> addresses_of;
  std::chrono::sys_seconds now;
};

/// Reports on every partner that is wanted, then on the keyserver's other partners.
[[nodiscard]] std::vector<PeerReport> report_peers(const PeerSources& sources);

/// Asks the keyserver of this unit for all that report_peers() needs.
[[nodiscard]] PeerSources peer_sources(ActionContext& context);

/// The JSON text of an object and, after what it has, everything of each peer. `left_out` is how
/// many others there are.
[[nodiscard]] std::string json_with_peers(nlohmann::ordered_json json,
                                          const std::vector<PeerReport>& peers,
                                          std::size_t left_out);

/// One line for each peer, for an overview; a line that says so where there are none.
[[nodiscard]] std::string peers_overview(const std::vector<PeerReport>& peers,
                                         std::size_t left_out);

}  // namespace charm::actions
