// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace traefik {

/// The public address of the proxy.
struct Edge {
  std::string host;  ///< The name or the address.
  bool subdomain = false;
};

/// The request of an application over `ingress` version 2.
struct IngressRequest {
  std::string prefix;  ///< `<model>-<app>`
  int port = 0;
  std::string scheme = "http";
  bool strip_prefix = false;
  nlohmann::json health_check;  ///< In Traefik's form; null if there is none.
  std::vector<std::string> hosts;

  bool operator==(const IngressRequest&) const = default;
};

/// Reads the databags as the charm's models do. Returns nothing if any of them is invalid,
/// including any unit's; `reason` then has the error.
[[nodiscard]] std::optional<IngressRequest> read_ingress_request(const charm::Relation& relation,
                                                                 std::string& reason);

/// Returns the URL that the charm publishes.
[[nodiscard]] std::string ingress_url(const IngressRequest& request, const Edge& edge);

/// Returns the dynamic configuration that the charm writes for Traefik.
[[nodiscard]] nlohmann::json ingress_configuration(const IngressRequest& request, const Edge& edge);

/// The request of an application over `traefik_route`.
struct RouteRequest {
  bool present = false;     ///< Whether there is a request.
  nlohmann::json dynamic_;  ///< Null if `config` is not a mapping, which is ignored and logged.
  nlohmann::json static_;   ///< Null if there is none.

  bool operator==(const RouteRequest&) const = default;
};

/// Reads the databag. If `raw` is not exactly `True`, each router gets a copy with TLS for `host`,
/// as the charm adds it. Throws charm::Error if the charm's hook fails.
[[nodiscard]] RouteRequest read_route_request(const charm::Relation& relation,
                                              const std::string& host);

}  // namespace traefik
