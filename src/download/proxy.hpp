// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"
#include "location.hpp"

#include <optional>
#include <string>

namespace charm::download {

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
