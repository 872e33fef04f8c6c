// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/handlers/handler.hpp"

namespace charm {

// One for each endpoint, in the file of its name; handlers() lists them.
extern const RelationHandler hockeypuck_peers;
extern const RelationHandler postgresql_client;
extern const RelationHandler ingress;
extern const RelationHandler traefik_route;
extern const RelationHandler prometheus_scrape;
extern const RelationHandler grafana_dashboard;
extern const RelationHandler loki_push_api;
extern const RelationHandler receive_ca_cert;

}  // namespace charm
