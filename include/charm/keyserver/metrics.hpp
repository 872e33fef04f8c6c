// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace charm::keyserver {

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
