# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0

mock_provider "juju" {}

variables {
  model_uuid = "5b1c2a9e-0000-4000-8000-000000000000"
  hockeypuck = { charm_name = "keyserver-k8s", channel = "2.3/edge", revision = 1 }
}

run "deploys_a_keyserver_with_database_and_traefik" {
  command = plan

  assert {
    condition     = output.app_name == "hockeypuck-k8s"
    error_message = "the keyserver has a different name"
  }
  assert {
    condition     = juju_application.postgresql[0].trust && juju_application.traefik[0].trust
    error_message = "PostgreSQL and Traefik need trust"
  }
  assert {
    condition     = length(juju_integration.database) == 1 && length(juju_integration.offer) == 0
    error_message = "only the database is integrated, and no offer"
  }
  assert {
    condition     = keys(juju_integration.route) == ["ingress", "traefik-route"]
    error_message = "both endpoints of Traefik are integrated"
  }
}

run "integrates_offers_instead_of_applications" {
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
    error_message = "PostgreSQL or Traefik is deployed although neither was requested"
  }
  assert {
    condition     = keys(juju_integration.offer) == ["database", "grafana-dashboard", "logging", "metrics-endpoint"]
    error_message = "each offer is integrated with the endpoint for it"
  }
}

run "refuses_an_offer_without_a_model" {
  command = plan

  variables {
    postgresql = { offer_url = "postgresql" }
  }

  expect_failures = [var.postgresql]
}

run "integrates_a_keyserver_that_was_deployed_from_a_file" {
  command = plan

  variables {
    hockeypuck = { deployed_app = "keys" }
  }

  assert {
    condition     = output.app_name == "keys" && length(module.hockeypuck) == 0
    error_message = "a second keyserver is deployed"
  }
  assert {
    condition     = length(juju_integration.database) == 1
    error_message = "the deployed keyserver is not integrated with the database"
  }
}

run "refuses_a_charm_without_a_revision" {
  command = plan

  variables {
    hockeypuck = { charm_name = "keyserver-k8s", channel = "2.3/edge" }
  }

  expect_failures = [var.hockeypuck]
}

run "refuses_a_keyserver_that_is_deployed_and_to_be_deployed" {
  command = plan

  variables {
    hockeypuck = { deployed_app = "keys", charm_name = "keyserver-k8s", channel = "2.3/edge", revision = 1 }
  }

  expect_failures = [var.hockeypuck]
}
