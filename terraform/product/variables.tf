# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0

variable "model_uuid" {
  description = "UUID of the model to deploy in."
  type        = string
}

variable "hockeypuck" {
  description = "The keyserver. Set deployed_app to the name of an application that you deployed from a .charm file in the same model. Or set charm_name, channel and revision of the charm that you published on Charmhub. The module charm describes the other fields."
  type = object({
    deployed_app       = optional(string)
    app_name           = optional(string, "hockeypuck-k8s")
    base               = optional(string, "ubuntu@24.04")
    channel            = optional(string)
    charm_name         = optional(string)
    config             = optional(map(string), {})
    constraints        = optional(string, "arch=amd64")
    resources          = optional(map(string), { "hockeypuck-image" = "ghcr.io/hockeypuck/hockeypuck:2.3.3" })
    revision           = optional(number)
    storage_directives = optional(map(string), {})
    trust              = optional(bool, false)
    units              = optional(number, 1)
  })

  validation {
    condition = length([
      for field in [var.hockeypuck.charm_name, var.hockeypuck.channel, var.hockeypuck.revision] : field if field != null
    ]) == (var.hockeypuck.deployed_app == null ? 3 : 0)
    error_message = "hockeypuck needs either deployed_app alone, or all of charm_name, channel and revision. This project's charm is not on Charmhub; hockeypuck-k8s there is Canonical's."
  }
}

variable "postgresql" {
  description = "The database: PostgreSQL to deploy in the same model, or offer_url of an existing database."
  type = object({
    offer_url          = optional(string)
    app_name           = optional(string, "postgresql-k8s")
    base               = optional(string, "ubuntu@22.04")
    channel            = optional(string, "14/stable")
    config             = optional(map(string), {})
    constraints        = optional(string, "arch=amd64")
    resources          = optional(map(string), {})
    revision           = optional(number)
    storage_directives = optional(map(string), { pgdata = "10G" })
    units              = optional(number, 1)
  })
  default = {}

  validation {
    condition     = var.postgresql.offer_url == null || can(regex("^([^:]+:)?[^/]+/[^.]+\\.[^.]+$", var.postgresql.offer_url))
    error_message = "postgresql.offer_url must be [controller:]owner/model.offer."
  }
}

variable "traefik" {
  description = "Traefik, which makes the keyserver reachable from outside the cluster. Null: do not deploy Traefik."
  type = object({
    app_name           = optional(string, "traefik-k8s")
    base               = optional(string, "ubuntu@20.04")
    channel            = optional(string, "latest/stable")
    config             = optional(map(string), {})
    constraints        = optional(string, "arch=amd64")
    resources          = optional(map(string), {})
    revision           = optional(number)
    storage_directives = optional(map(string), {})
    units              = optional(number, 1)
  })
  default = {}
}

variable "observability" {
  description = "URLs of offers of the Canonical Observability Stack. Null: do not integrate."
  type = object({
    dashboards_offer_url = optional(string)
    logging_offer_url    = optional(string)
    metrics_offer_url    = optional(string)
  })
  default = {}
}
