// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

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
  std::string target = "/";  ///< Path and query as they are in the URL.

  bool operator==(const Location&) const = default;
};

/// Reads an absolute http or https URL. Nothing for anything else, for one with credentials, and
/// for one with a byte that does not belong into a request line.
[[nodiscard]] std::optional<Location> parse_location(std::string_view url);

/// Returns where a redirect leads that is an absolute URL or an absolute path. Nothing for anything
/// else.
[[nodiscard]] std::optional<Location> redirected(const Location& from, std::string_view to);

struct Proxy {
  std::string host;
  std::uint16_t port = 0;
  std::string user;  ///< Empty where none is wanted.
  std::string password;

  bool operator==(const Proxy&) const = default;
};

/// Returns the http proxy that the model's options name for this place, or nothing: they name none,
/// or no-proxy excepts it, by `*`, a name with its subdomains, `.domain` for the subdomains alone,
/// an address or a network, each with or without a port. A proxy of another kind than http counts
/// as none.
[[nodiscard]] std::optional<Proxy> proxy_for(const Location& location, const Databag& proxies);

}  // namespace charm::download
