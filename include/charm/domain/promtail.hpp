// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Names and paths of promtail, which forwards the log if Pebble cannot or must not. None of them
/// comes from a remote side.
namespace charm::promtail {

inline constexpr std::string_view service = "promtail";
/// The directory of all files that belong to promtail.
inline constexpr std::string_view directory = "/var/lib/hockeypuck-promtail";
inline constexpr std::string_view binary_path = "/var/lib/hockeypuck-promtail/promtail";
inline constexpr std::string_view receipt_path = "/var/lib/hockeypuck-promtail/promtail.sha256";
inline constexpr std::string_view config_path = "/var/lib/hockeypuck-promtail/promtail.yaml";
/// The only place that promtail itself may write to.
inline constexpr std::string_view state_directory = "/var/lib/hockeypuck-promtail/state";
inline constexpr std::string_view positions_path =
    "/var/lib/hockeypuck-promtail/state/positions.yaml";

/// The files of promtail that observe() reads.
[[nodiscard]] inline std::vector<std::string> managed_files() {
  return {std::string(config_path), std::string(receipt_path)};
}

}  // namespace charm::promtail
