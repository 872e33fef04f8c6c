// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace traefik {

/// How the proxy is reached.
struct Edge {
  std::string host;  ///< The name or the address.
  bool subdomain = false;
};

/// What an application asks for over `ingress` version 2.
struct IngressRequest {
  std::string prefix;  ///< `<model>-<app>`
  int port = 0;
  std::string scheme = "http";
  bool strip_prefix = false;
  nlohmann::json health_check;  ///< As Traefik takes it; null without one.
  std::vector<std::string> hosts;

  bool operator==(const IngressRequest&) const = default;
};

/// Reads the databags as the charm's models do. Nothing when any of them is not valid, one unit's
/// included; `reason` then says what is wrong.
[[nodiscard]] std::optional<IngressRequest> read_ingress_request(const charm::Relation& relation,
                                                                 std::string& reason);

/// The URL that the charm publishes.
[[nodiscard]] std::string ingress_url(const IngressRequest& request, const Edge& edge);

/// The dynamic configuration that the charm writes for Traefik.
[[nodiscard]] nlohmann::json ingress_configuration(const IngressRequest& request, const Edge& edge);

/// What an application asks for over `traefik_route`.
struct RouteRequest {
  bool present = false;     ///< Whether it has asked at all.
  nlohmann::json dynamic_;  ///< Null where `config` is not a mapping: ignored, and logged.
  nlohmann::json static_;   ///< Null without one.

  bool operator==(const RouteRequest&) const = default;
};

/// Reads the databag. Where `raw` is not exactly `True`, each router gets a twin with TLS for
/// `host`, as the charm adds it. Throws charm::Error where the charm's hook fails.
[[nodiscard]] RouteRequest read_route_request(const charm::Relation& relation,
                                              const std::string& host);

}  // namespace traefik
