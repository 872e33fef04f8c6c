# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0

locals {
  deploy_hockeypuck = var.hockeypuck.deployed_app == null
  app_name          = local.deploy_hockeypuck ? module.hockeypuck[0].app_name : var.hockeypuck.deployed_app
  deploy_postgresql = var.postgresql.offer_url == null
  deploy_traefik    = var.traefik != null
  # Each endpoint of the keyserver, with the offer to integrate with.
  offers = {
    for endpoint, offer_url in {
      database          = var.postgresql.offer_url
      grafana-dashboard = var.observability.dashboards_offer_url
      logging           = var.observability.logging_offer_url
      metrics-endpoint  = var.observability.metrics_offer_url
    } : endpoint => offer_url if offer_url != null
  }
  # Endpoints that the keyserver and Traefik both have.
  routes = toset(local.deploy_traefik ? ["ingress", "traefik-route"] : [])
}

module "hockeypuck" {
  count              = local.deploy_hockeypuck ? 1 : 0
  source             = "../charm"
  model_uuid         = var.model_uuid
  app_name           = var.hockeypuck.app_name
  base               = var.hockeypuck.base
  channel            = var.hockeypuck.channel
  charm_name         = var.hockeypuck.charm_name
  config             = var.hockeypuck.config
  constraints        = var.hockeypuck.constraints
  resources          = var.hockeypuck.resources
  revision           = var.hockeypuck.revision
  storage_directives = var.hockeypuck.storage_directives
  trust              = var.hockeypuck.trust
  units              = var.hockeypuck.units
}

resource "juju_application" "postgresql" {
  count      = local.deploy_postgresql ? 1 : 0
  name       = var.postgresql.app_name
  model_uuid = var.model_uuid

  charm {
    name     = "postgresql-k8s"
    channel  = var.postgresql.channel
    revision = var.postgresql.revision
    base     = var.postgresql.base
  }

  config             = var.postgresql.config
  constraints        = var.postgresql.constraints
  resources          = var.postgresql.resources
  storage_directives = var.postgresql.storage_directives
  trust              = true # It creates Services in the cluster.
  units              = var.postgresql.units
}

resource "juju_application" "traefik" {
  count      = local.deploy_traefik ? 1 : 0
  name       = var.traefik.app_name
  model_uuid = var.model_uuid

  charm {
    name     = "traefik-k8s"
    channel  = var.traefik.channel
    revision = var.traefik.revision
    base     = var.traefik.base
  }

  config             = var.traefik.config
  constraints        = var.traefik.constraints
  resources          = var.traefik.resources
  storage_directives = var.traefik.storage_directives
  trust              = true # It creates Services in the cluster.
  units              = var.traefik.units
}

resource "juju_integration" "database" {
  count      = local.deploy_postgresql ? 1 : 0
  model_uuid = var.model_uuid

  application {
    name     = local.app_name
    endpoint = "database"
  }

  application {
    name     = juju_application.postgresql[0].name
    endpoint = "database"
  }
}

resource "juju_integration" "route" {
  for_each   = local.routes
  model_uuid = var.model_uuid

  application {
    name     = local.app_name
    endpoint = each.key
  }

  application {
    name     = juju_application.traefik[0].name
    endpoint = each.value
  }
}

resource "juju_integration" "offer" {
  for_each   = local.offers
  model_uuid = var.model_uuid

  application {
    name     = local.app_name
    endpoint = each.key
  }

  application {
    offer_url = each.value
  }
}
