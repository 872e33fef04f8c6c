// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace traefik {

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
