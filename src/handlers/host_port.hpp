// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace charm::databag {

/// A network name or address, and a port where one was written.
struct HostPort {
  std::string host;  ///< IPv6 without brackets.
  std::optional<std::uint16_t> port;

  bool operator==(const HostPort&) const = default;
};

/// Reads `host`, `host:port`, `[IPv6]` or `[IPv6]:port`. Returns nothing for anything else: ports
/// outside 1–65535, IPv6 without brackets (its last group could be a port), characters that no
/// host name has.
[[nodiscard]] std::optional<HostPort> parse_host_port(std::string_view text);

/// Tells whether the text is an IPv6 address without brackets.
[[nodiscard]] bool is_ipv6(std::string_view text);

}  // namespace charm::databag
