// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace traefik {

/// Traefik's configuration translated for HAProxy.
struct Translation {
  std::string configuration;         ///< The text of haproxy.cfg.
  std::vector<std::string> dropped;  ///< Routers that Traefik leaves out as well, with reasons.
  std::vector<std::string> unknown;  ///< Features of Traefik that this program does not support.
};

/// Translates routers, services with their health checks and transports, and the middlewares
/// buffering, inFlightReq, rateLimit, retry and stripPrefix. Every entry point listens, with or
/// without a route, except those of TLS and diagnostics. `dynamic` must come from load().
[[nodiscard]] Translation translate(const nlohmann::json& dynamic,
                                    const std::map<std::string, int>& entry_points);

}  // namespace traefik
