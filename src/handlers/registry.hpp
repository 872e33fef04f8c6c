// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/handlers/handler.hpp"

/// One line for each handler, in the order that handlers() tells. The class is in the file of that
/// name, with all that only it needs.
// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): one list that declares and collects.
#define CHARM_HANDLERS(HANDLER) \
  HANDLER(peer_relation)        \
  HANDLER(postgresql_client)    \
  HANDLER(ingress)              \
  HANDLER(traefik_route)        \
  HANDLER(prometheus_scrape)    \
  HANDLER(grafana_dashboard)    \
  HANDLER(loki_push_api)        \
  HANDLER(receive_ca_cert)

namespace charm {

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage)
#define DECLARE(name) [[nodiscard]] const RelationHandler& name() noexcept;
CHARM_HANDLERS(DECLARE)
#undef DECLARE

}  // namespace charm
