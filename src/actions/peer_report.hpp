// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/keyserver/statistics.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace charm::actions {

/// One partner of reconciliation: what is wanted, what the keyserver tells, and what to think
/// of it.
struct PeerReport {
  Partner partner;
  keyserver::PartnerExchange incoming;
  keyserver::PartnerExchange outgoing;
  keyserver::PartnerExchange recovery;
  /// Keys fetched from its addresses since the keyserver's start; absent where nobody knows.
  std::optional<std::int64_t> recovered_keys;
  std::string verdict;  ///< `ok`, or what is wrong, in a few words.

  bool operator==(const PeerReport&) const = default;
};

/// What is known of reconciliation on this unit.
struct PeerSources {
  bool leader = false;            ///< Only the leader's keyserver reconciles.
  std::optional<ReconPlan> plan;  ///< Absent: nobody can tell what is wanted.
  std::optional<keyserver::Statistics> statistics;
  std::string no_statistics;  ///< Why there are none.
  keyserver::Metrics metrics;
  /// IP addresses of a host name; none for one that cannot be resolved.
  std::function<std::vector<std::string>(const std::string& host)> addresses_of;
  std::chrono::sys_seconds now;
};

/// Reports on every partner that is wanted, then on those that the keyserver has besides.
[[nodiscard]] std::vector<PeerReport> report_peers(const PeerSources& sources);

/// An error of its last exchanges, whatever their kind; empty when there was none.
[[nodiscard]] std::string last_error(const PeerReport& peer);

}  // namespace charm::actions
