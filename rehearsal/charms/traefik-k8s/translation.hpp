// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace traefik {

/// One matcher of a rule: Host(`a`, `b`).
struct Matcher {
  std::string name;
  std::vector<std::string> arguments;

  bool operator==(const Matcher&) const = default;
};

/// Alternatives, each a list of matchers that must all match.
using Rule = std::vector<std::vector<Matcher>>;

/// Reads matchers joined by `&&` and `||`. Throws charm::Error for parentheses, negations and any
/// other text.
[[nodiscard]] Rule parse_rule(const std::string& text);

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
