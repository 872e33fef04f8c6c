// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "registry.hpp"

#include <array>

namespace charm {

std::span<const RelationHandler* const> handlers() noexcept {
  static constexpr std::array all = {&hockeypuck_peers, &postgresql_client, &ingress,
                                     &traefik_route,    &prometheus_scrape, &grafana_dashboard,
                                     &loki_push_api,    &receive_ca_cert};
  return all;
}

}  // namespace charm
