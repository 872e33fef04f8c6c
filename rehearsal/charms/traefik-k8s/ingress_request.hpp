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

}  // namespace traefik
