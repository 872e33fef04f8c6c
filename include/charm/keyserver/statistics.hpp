// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace charm::keyserver {

/// One kind of exchange with a partner.
struct PartnerExchange {
  std::optional<std::chrono::sys_seconds> succeeded;  ///< The last time; absent: never.
  std::string error;  ///< Of the last attempt, in the keyserver's words; empty: none.

  bool operator==(const PartnerExchange&) const = default;
};

/// A reconciliation partner as the statistics page lists it. All is since the keyserver's start.
struct PartnerStatistics {
  std::string name;           ///< Of its table in hockeypuck.conf.
  std::string http_address;   ///< `host:port`; asterisks in it where the partner is masked.
  std::string recon_address;  ///< The same.
  bool masked = false;
  PartnerExchange incoming;  ///< Reconciliations that the partner began.
  PartnerExchange outgoing;  ///< Those that this keyserver began.
  PartnerExchange recovery;  ///< Fetching the keys that a reconciliation found missing.

  bool operator==(const PartnerStatistics&) const = default;
};

/// The keyserver's own statistics page.
struct Statistics {
  std::string version;  ///< Its own word: `2.3.3`, or `~unreleased` for an unmarked build.
  std::string software;
  std::optional<std::chrono::sys_seconds> now;  ///< By the keyserver's clock.
  /// Entries of the prefix tree, counted at the last gossip; not how many keys are stored.
  std::optional<std::int64_t> total;
  std::vector<PartnerStatistics> peers;  ///< By name.

  bool operator==(const Statistics&) const = default;
};

/// Reads the page's JSON (`/pks/lookup?op=stats&options=json`) as Hockeypuck 2.3 or 2.4 writes it:
/// the keys differ in case between them. Returns nothing for what is no such page; a value of
/// another type than expected is taken for missing.
[[nodiscard]] std::optional<Statistics> parse_statistics(std::string_view json);

/// What the keyserver's metrics tell that its statistics page does not.
struct Metrics {
  std::optional<std::chrono::sys_seconds> started;  ///< When its process began.
  /// Keys fetched since then, by the address of the peer: an IP address without a port.
  std::map<std::string, std::int64_t> recovered;

  bool operator==(const Metrics&) const = default;
};

/// Reads the Prometheus text format (version 0.0.4) as Hockeypuck 2.3 and 2.4 write it. What is
/// missing or unreadable is left out.
[[nodiscard]] Metrics parse_metrics(std::string_view text);

}  // namespace charm::keyserver
