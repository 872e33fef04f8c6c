# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0

mock_provider "juju" {}

variables {
  model_uuid = "5b1c2a9e-0000-4000-8000-000000000000"
}

run "deploys_a_keyserver_with_database_and_traefik" {
  command = plan

  assert {
    condition     = output.app_name == "hockeypuck-k8s"
    error_message = "the keyserver has another name"
  }
  assert {
    condition     = juju_application.postgresql[0].trust && juju_application.traefik[0].trust
    error_message = "PostgreSQL and Traefik need trust"
  }
  assert {
    condition     = length(juju_integration.database) == 1 && length(juju_integration.offer) == 0
    error_message = "the database is integrated in the model, and nothing else offered"
  }
  assert {
    condition     = keys(juju_integration.route) == ["ingress", "traefik-route"]
    error_message = "Traefik is integrated by both of its endpoints"
  }
}

run "takes_offers_in_place_of_applications" {
  command = plan

  variables {
    postgresql = { offer_url = "admin/databases.postgresql" }
    traefik    = null
    observability = {
      dashboards_offer_url = "admin/cos.grafana-dashboards"
      logging_offer_url    = "admin/cos.loki-logging"
      metrics_offer_url    = "admin/cos.prometheus-scrape"
    }
  }

  assert {
    condition     = length(juju_application.postgresql) + length(juju_application.traefik) == 0
    error_message = "neither PostgreSQL nor Traefik was asked for"
  }
  assert {
    condition     = keys(juju_integration.offer) == ["database", "grafana-dashboard", "logging", "metrics-endpoint"]
    error_message = "each offer is integrated by the endpoint for it"
  }
}

run "refuses_an_offer_without_a_model" {
  command = plan

  variables {
    postgresql = { offer_url = "postgresql" }
  }

  expect_failures = [var.postgresql]
}
