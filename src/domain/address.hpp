// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace charm {

/// Returns a host name (RFC 1123, underscores tolerated) in lower case or an IP address in its
/// shortest form, IPv6 without brackets; nothing for any other text. IPv6 may come in brackets.
[[nodiscard]] std::optional<std::string> normalized_host(std::string_view text);

/// Returns a network as `address/bits` with the host bits cleared. A single address becomes /32 or
/// /128: Hockeypuck panics on a network without a mask.
[[nodiscard]] std::optional<std::string> normalized_network(std::string_view text);

/// Returns a decimal number from 1 to 65535.
[[nodiscard]] std::optional<std::uint16_t> port_number(std::string_view text);

/// Returns `host:port`, with brackets around an IPv6 address.
[[nodiscard]] std::string host_and_port(std::string_view host, std::uint16_t port);

}  // namespace charm
