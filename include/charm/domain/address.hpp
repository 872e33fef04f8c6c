// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Host names, IP addresses, ports and URLs.
namespace charm {

/// Returns a host name (RFC 1123, underscores tolerated) in lower case, or an IP address in its
/// shortest form, IPv6 without brackets. Returns nothing for any other text. IPv6 may come in
/// brackets.
[[nodiscard]] std::optional<std::string> normalized_host(std::string_view text);

/// Returns the normalized host of a URL or of `host:port`, if there is one.
[[nodiscard]] std::optional<std::string> host_within(std::string_view text);

/// Returns a network as `address/bits` with the host bits cleared. A single address becomes /32 or
/// /128: Hockeypuck panics on a network without a mask.
[[nodiscard]] std::optional<std::string> normalized_network(std::string_view text);

/// Whether the text is an IPv6 address without brackets.
[[nodiscard]] bool is_ipv6(std::string_view text);

/// Returns a decimal number from 1 to 65535 without leading zeros, or nothing for any other text.
[[nodiscard]] std::optional<std::uint16_t> port_number(std::string_view text);

/// Returns `host:port`, with brackets around an IPv6 address.
[[nodiscard]] std::string host_and_port(std::string_view host, std::uint16_t port);

/// A network name or address, and the port if the text has one.
struct HostPort {
  std::string host;  ///< As in the text; IPv6 without brackets.
  std::optional<std::uint16_t> port;

  bool operator==(const HostPort&) const = default;
};

/// Reads `host`, `host:port`, `[IPv6]` or `[IPv6]:port` from another program. Returns nothing for
/// any other text: a port outside 1–65535, a character that no host name has, or IPv6 without
/// brackets, whose last group could be a port.
[[nodiscard]] std::optional<HostPort> parse_host_port(std::string_view text);

/// An absolute http or https URL without credentials.
struct Url {
  std::string scheme;      ///< `http` or `https`.
  std::string host;        ///< As in the text; IPv6 without brackets.
  std::uint16_t port = 0;  ///< The default port of the scheme if the text has none.
  std::string path;        ///< Without trailing slashes; empty at the root.

  bool operator==(const Url&) const = default;
};

/// Reads such a URL and drops its query and fragment. Returns nothing for any other text.
[[nodiscard]] std::optional<Url> parse_url(std::string_view text);

/// Returns the stable name of a unit's pod inside the cluster. Juju's headless service for the
/// application gives it: `keys-0.keys-endpoints.<model>.svc.cluster.local` for `keys/0`.
[[nodiscard]] std::string pod_name(std::string_view unit, std::string_view model);

}  // namespace charm
