// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace charm::download {

/// The target of a request.
struct Location {
  bool secure = false;  ///< True for https.
  std::string host;     ///< Name or address, in lower case; IPv6 without brackets.
  std::uint16_t port = 80;
  std::string target = "/";  ///< Path and query, unchanged from the URL.

  bool operator==(const Location&) const = default;
};

/// Reads an absolute http or https URL. Returns nothing for any other text, for a URL with
/// credentials, and for a byte that a request line must not contain.
[[nodiscard]] std::optional<Location> parse_location(std::string_view url);

/// Returns the target of a redirect to an absolute URL or an absolute path. Returns nothing for any
/// other text.
[[nodiscard]] std::optional<Location> redirected(const Location& from, std::string_view to);

struct Proxy {
  std::string host;
  std::uint16_t port = 0;
  std::string user;  ///< Empty if the proxy needs none.
  std::string password;

  bool operator==(const Proxy&) const = default;
};

/// Returns the http proxy that the model's options name for this location. Returns nothing if they
/// name none, or if no-proxy excludes it. An entry of no-proxy is `*`, a name with its subdomains,
/// `.domain` for the subdomains alone, an address or a network. Each may have a port. A proxy of
/// another kind than http counts as none.
[[nodiscard]] std::optional<Proxy> proxy_for(const Location& location, const Databag& proxies);

}  // namespace charm::download
