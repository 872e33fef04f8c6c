// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/handlers/handler.hpp"

/// One line for each endpoint, in the order of handlers(). The handler is in the file of the same
/// name, except the peers', which is in peer_relation.cpp.
// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): one list that declares and collects.
#define CHARM_HANDLERS(HANDLER) \
  HANDLER(hockeypuck_peers)     \
  HANDLER(postgresql_client)    \
  HANDLER(ingress)              \
  HANDLER(traefik_route)        \
  HANDLER(prometheus_scrape)    \
  HANDLER(grafana_dashboard)    \
  HANDLER(loki_push_api)        \
  HANDLER(receive_ca_cert)

namespace charm {

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage)
#define DECLARE(name) extern const RelationHandler name;
CHARM_HANDLERS(DECLARE)
#undef DECLARE

}  // namespace charm
