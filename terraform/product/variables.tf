# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0

variable "model_uuid" {
  description = "UUID of the model to deploy in."
  type        = string
}

variable "hockeypuck" {
  description = "The keyserver; see the module charm."
  type = object({
    app_name           = optional(string, "hockeypuck-k8s")
    base               = optional(string, "ubuntu@24.04")
    channel            = optional(string, "2.3/edge")
    config             = optional(map(string), {})
    constraints        = optional(string, "arch=amd64")
    resources          = optional(map(string), {})
    revision           = optional(number)
    storage_directives = optional(map(string), {})
    trust              = optional(bool, false)
    units              = optional(number, 1)
  })
  default = {}
}

variable "postgresql" {
  description = "The database, deployed in the same model; or the URL of an offer of one that is there already."
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
  description = "Traefik, which publishes the keyserver outside the cluster. Null: none is deployed."
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
  description = "URLs of the offers of the Canonical Observability Stack to integrate with. Null: none of that kind."
  type = object({
    dashboards_offer_url = optional(string)
    logging_offer_url    = optional(string)
    metrics_offer_url    = optional(string)
  })
  default = {}
}
