# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0

output "app_name" {
  description = "Name of the deployed application."
  value       = juju_application.hockeypuck.name
}

output "application" {
  description = "The deployed application."
  value       = juju_application.hockeypuck
}

output "provides" {
  description = "Endpoints that the keyserver provides."
  value = {
    grafana_dashboard = "grafana-dashboard"
    metrics_endpoint  = "metrics-endpoint"
  }
}

output "requires" {
  description = "Endpoints that the keyserver requires."
  value = {
    database        = "database"
    ingress         = "ingress"
    logging         = "logging"
    receive_ca_cert = "receive-ca-cert"
    traefik_route   = "traefik-route"
  }
}
