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
  std::optional<std::chrono::sys_seconds> succeeded;  ///< The last success; absent: never.
  std::string error;  ///< The keyserver's error message of the last attempt; empty: no error.

  bool operator==(const PartnerExchange&) const = default;
};

/// A reconciliation partner as the statistics page lists it. All values are since the keyserver's
/// start.
struct PartnerStatistics {
  std::string name;           ///< Name of its table in hockeypuck.conf.
  std::string http_address;   ///< `host:port`, with asterisks if the partner is masked.
  std::string recon_address;  ///< `host:port`, masked in the same way.
  bool masked = false;
  PartnerExchange incoming;  ///< Reconciliations that the partner started.
  PartnerExchange outgoing;  ///< Reconciliations that this keyserver started.
  PartnerExchange recovery;  ///< Downloads of the keys that a reconciliation found missing.

  bool operator==(const PartnerStatistics&) const = default;
};

/// The keyserver's own statistics page.
struct Statistics {
  std::string version;  ///< `2.3.3`, or `~unreleased` for an unmarked build.
  std::string software;
  std::optional<std::chrono::sys_seconds> now;  ///< By the keyserver's clock.
  /// Entries of the prefix tree, counted at the last gossip. This is not the number of stored keys.
  std::optional<std::int64_t> total;
  std::vector<PartnerStatistics> peers;  ///< By name.

  bool operator==(const Statistics&) const = default;
};

/// Reads the page's JSON (`/pks/lookup?op=stats&options=json`) as Hockeypuck 2.3 or 2.4 writes it.
/// The keys of the two versions differ in case. Returns nothing for any other text. A value of
/// another type than expected counts as missing.
[[nodiscard]] std::optional<Statistics> parse_statistics(std::string_view json);

/// Values that the keyserver's metrics have and its statistics page does not have.
struct Metrics {
  std::optional<std::chrono::sys_seconds> started;  ///< The start of its process.
  /// Keys fetched since then, by the address of the peer: an IP address without a port.
  std::map<std::string, std::int64_t> recovered;

  bool operator==(const Metrics&) const = default;
};

/// Reads the Prometheus text format (version 0.0.4) as Hockeypuck 2.3 and 2.4 write it. Missing and
/// unreadable values are left out.
[[nodiscard]] Metrics parse_metrics(std::string_view text);

}  // namespace charm::keyserver
