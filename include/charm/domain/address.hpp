// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Host names, IP addresses, ports and URLs.
namespace charm {

/// Returns a host name (RFC 1123, underscores tolerated) in lower case or an IP address in its
/// shortest form, IPv6 without brackets; nothing for any other text. IPv6 may come in brackets.
[[nodiscard]] std::optional<std::string> normalized_host(std::string_view text);

/// Returns the host inside a URL or before a port, normalised, if there is one.
[[nodiscard]] std::optional<std::string> host_within(std::string_view text);

/// Returns a network as `address/bits` with the host bits cleared. A single address becomes /32 or
/// /128: Hockeypuck panics on a network without a mask.
[[nodiscard]] std::optional<std::string> normalized_network(std::string_view text);

/// Whether the text is an IPv6 address without brackets.
[[nodiscard]] bool is_ipv6(std::string_view text);

/// Returns a decimal number from 1 to 65535, written without leading zeros.
[[nodiscard]] std::optional<std::uint16_t> port_number(std::string_view text);

/// Returns `host:port`, with brackets around an IPv6 address.
[[nodiscard]] std::string host_and_port(std::string_view host, std::uint16_t port);

/// A network name or address, and a port where one was written.
struct HostPort {
  std::string host;  ///< As written; IPv6 without brackets.
  std::optional<std::uint16_t> port;

  bool operator==(const HostPort&) const = default;
};

/// Reads `host`, `host:port`, `[IPv6]` or `[IPv6]:port` as another program writes it. Returns
/// nothing for anything else: ports outside 1–65535, IPv6 without brackets (its last group could be
/// a port), characters that no host name has.
[[nodiscard]] std::optional<HostPort> parse_host_port(std::string_view text);

/// An absolute http or https URL without credentials.
struct Url {
  std::string scheme;      ///< `http` or `https`.
  std::string host;        ///< As written; IPv6 without brackets.
  std::uint16_t port = 0;  ///< The scheme's where none is written.
  std::string path;        ///< Without trailing slashes; empty at the root.

  bool operator==(const Url&) const = default;
};

/// Reads such a URL; a query and a fragment are dropped. Returns nothing for anything else.
[[nodiscard]] std::optional<Url> parse_url(std::string_view text);

}  // namespace charm
