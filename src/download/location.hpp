// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace charm::download {

/// Where a request goes.
struct Location {
  bool secure = false;  ///< https
  std::string host;     ///< Name or address, in lower case; IPv6 without brackets.
  std::uint16_t port = 80;
  std::string target = "/";  ///< Path and query as they stand in the URL.

  bool operator==(const Location&) const = default;
};

/// Reads an absolute http or https URL. Nothing for anything else, for one with credentials, and
/// for one with a byte that does not belong into a request line.
[[nodiscard]] std::optional<Location> parse_location(std::string_view url);

/// Returns where a redirect leads that is an absolute URL or an absolute path. Nothing for anything
/// else.
[[nodiscard]] std::optional<Location> redirected(const Location& from, std::string_view to);

}  // namespace charm::download
