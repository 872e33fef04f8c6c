// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/charms/nginx/configuration.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace traefik {

/// Traefik's configuration in nginx's words.
struct Translation {
  rehearsal::nginx::Configuration configuration;
  std::vector<std::string> dropped;  ///< Routers that Traefik leaves out too, and why.
  std::vector<std::string>
      unknown;  ///< What Traefik would do and this cannot: nobody may rely on it.
};

/// Translates routers, services and stripPrefix. Every entry point but those of TLS and diagnostics
/// listens, whether or not there is a route. `dynamic` has been through load().
[[nodiscard]] Translation translate(const nlohmann::json& dynamic,
                                    const std::map<std::string, int>& entry_points);

}  // namespace traefik
