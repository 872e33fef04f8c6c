// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/handlers/grafana_dashboard.hpp"
#include "charm/handlers/handler.hpp"
#include "charm/handlers/ingress.hpp"
#include "charm/handlers/loki_push_api.hpp"
#include "charm/handlers/peer_relation.hpp"
#include "charm/handlers/postgresql_client.hpp"
#include "charm/handlers/prometheus_scrape.hpp"
#include "charm/handlers/traefik_route.hpp"

#include <array>

namespace charm {

std::span<const RelationHandler* const> handlers() noexcept {
  static const PostgresqlClient postgresql_client;
  static const Ingress ingress;
  static const TraefikRoute traefik_route;
  static const PrometheusScrape prometheus_scrape;
  static const GrafanaDashboard grafana_dashboard;
  static const LokiPushApi loki_push_api;
  static const PeerRelation peer_relation;
  static const std::array<const RelationHandler*, 7> all = {
      &peer_relation,     &postgresql_client, &ingress,      &traefik_route,
      &prometheus_scrape, &grafana_dashboard, &loki_push_api};
  return all;
}

}  // namespace charm
