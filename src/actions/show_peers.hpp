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

/// One reconciliation partner: the planned one, the one that the keyserver lists, and a verdict.
struct PeerReport {
  Partner partner;
  keyserver::PartnerExchange incoming;
  keyserver::PartnerExchange outgoing;
  keyserver::PartnerExchange recovery;
  /// Keys fetched from its addresses since the keyserver's start; absent if unknown.
  std::optional<std::int64_t> recovered_keys;
  std::string verdict;  ///< `ok`, or a short description of the fault.

  bool operator==(const PeerReport&) const = default;
};

/// The input of report_peers().
struct PeerSources {
  bool leader = false;            ///< Only the leader's keyserver reconciles with peers.
  std::optional<ReconPlan> plan;  ///< Absent if an option is wrong.
  std::optional<keyserver::Statistics> statistics;
  std::string no_statistics;  ///< The reason if there are none.
  keyserver::Metrics metrics;
  /// Returns the IP addresses of a host name; none if it does not resolve.
  std::function<std::vector<std::string>(const std::string& host)> addresses_of;
  std::chrono::sys_seconds now;
};

/// Reports on every planned partner, then on the keyserver's other partners.
[[nodiscard]] std::vector<PeerReport> report_peers(const PeerSources& sources);

/// Asks the keyserver of this unit for the input of report_peers().
[[nodiscard]] PeerSources peer_sources(ActionContext& context);

/// Returns the JSON text of the object with all details of each peer at its end. `left_out` is the
/// number of other peers.
[[nodiscard]] std::string json_with_peers(nlohmann::ordered_json json,
                                          const std::vector<PeerReport>& peers,
                                          std::size_t left_out);

/// Returns one line for each peer, or one line that says that there are none.
[[nodiscard]] std::string peers_overview(const std::vector<PeerReport>& peers,
                                         std::size_t left_out);

}  // namespace charm::actions
