# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0

variable "app_name" {
  description = "Name of the application in the Juju model."
  type        = string
  default     = "hockeypuck-k8s"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]*[a-z][a-z0-9]*)*$", var.app_name))
    error_message = "app_name must be a Juju application name: lower-case words joined by hyphens."
  }
}

variable "base" {
  description = "Base to deploy on. The charm is packed for ubuntu@24.04."
  type        = string
  default     = "ubuntu@24.04"
}

variable "channel" {
  description = "Channel in which you released the charm on Charmhub: track/risk. There is no default."
  type        = string

  validation {
    condition     = can(regex("^[^/]+/(stable|candidate|beta|edge)(/[^/]+)?$", var.channel))
    error_message = "channel must be track/risk, for example 2.3/edge."
  }
}

variable "charm_name" {
  description = "Name under which you published the charm on Charmhub. There is no default: this project has published none."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]*[a-z][a-z0-9]*)*$", var.charm_name))
    error_message = "charm_name must be a Charmhub name: lower-case words joined by hyphens."
  }

  validation {
    condition     = var.charm_name != "hockeypuck-k8s"
    error_message = "On Charmhub, hockeypuck-k8s is Canonical's charm, with other options and endpoints. Give the name under which you published this charm, or deploy its .charm file with juju deploy."
  }
}

variable "config" {
  description = "Options of the charm; docs/reference/options.md describes them. All have defaults."
  type        = map(string)
  default     = {}
}

variable "constraints" {
  description = "Juju constraints. The charm can be packed for amd64 and arm64."
  type        = string
  default     = "arch=amd64"

  validation {
    condition     = !can(regex("arch=", var.constraints)) || can(regex("arch=(amd64|arm64)( |$)", var.constraints))
    error_message = "The only architectures in constraints are arch=amd64 and arch=arm64."
  }
}

variable "model_uuid" {
  description = "UUID of the model to deploy in."
  type        = string
}

variable "resources" {
  description = "Image of the workload: an image, or the revision of a resource on Charmhub. The default is upstream's image."
  type        = map(string)
  default     = { "hockeypuck-image" = "ghcr.io/hockeypuck/hockeypuck:2.3.3" }

  validation {
    condition     = alltrue([for name in keys(var.resources) : name == "hockeypuck-image"])
    error_message = "The only name in resources is hockeypuck-image."
  }
}

variable "revision" {
  description = "Revision of the charm on Charmhub. There is no default."
  type        = number

  validation {
    condition     = var.revision >= 1 && floor(var.revision) == var.revision
    error_message = "revision must be a whole number, at least 1."
  }
}

variable "storage_directives" {
  description = "Storage for the prefix tree: { \"prefix-tree\" = \"pool,size\" }. Empty: 1 GiB of the model's default pool."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.storage_directives) : name == "prefix-tree"])
    error_message = "The only name in storage_directives is prefix-tree."
  }
}

variable "trust" {
  description = "Whether the charm may use the credentials of the cluster. It does not need them."
  type        = bool
  default     = false
}

variable "units" {
  description = "Number of units. Every unit answers lookups; the leader reconciles."
  type        = number
  default     = 1

  validation {
    condition     = var.units >= 1 && floor(var.units) == var.units
    error_message = "units must be a whole number, at least 1."
  }
}
