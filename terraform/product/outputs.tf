# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0

output "app_name" {
  description = "Name of the keyserver's application."
  value       = local.app_name
}

output "provides" {
  description = "Endpoints that the keyserver provides."
  value = {
    grafana_dashboard = "grafana-dashboard"
    metrics_endpoint  = "metrics-endpoint"
  }
}

output "requires" {
  description = "Endpoints that the keyserver requires and that this module does not always integrate."
  value = {
    logging         = "logging"
    receive_ca_cert = "receive-ca-cert"
  }
}
