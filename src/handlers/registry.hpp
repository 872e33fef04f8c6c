// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/handlers/handler.hpp"

namespace charm {

/// One handler each. Its class is in the file of that name, with all that only it needs.
[[nodiscard]] const RelationHandler& peer_relation() noexcept;
[[nodiscard]] const RelationHandler& postgresql_client() noexcept;
[[nodiscard]] const RelationHandler& ingress() noexcept;
[[nodiscard]] const RelationHandler& traefik_route() noexcept;
[[nodiscard]] const RelationHandler& prometheus_scrape() noexcept;
[[nodiscard]] const RelationHandler& grafana_dashboard() noexcept;
[[nodiscard]] const RelationHandler& loki_push_api() noexcept;

}  // namespace charm
