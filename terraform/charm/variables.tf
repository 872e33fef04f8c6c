# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0

variable "app_name" {
  description = "Name of the application in the Juju model."
  type        = string
  default     = "hockeypuck-k8s"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]*[a-z][a-z0-9]*)*$", var.app_name))
    error_message = "app_name must be one that Juju takes: lower-case words joined by hyphens."
  }
}

variable "base" {
  description = "The base to deploy on, of those that the charm is packed for."
  type        = string
  default     = "ubuntu@24.04"
}

variable "channel" {
  description = "The channel of Charmhub to deploy from: track/risk."
  type        = string
  default     = "2.3/edge"

  validation {
    condition     = can(regex("^[^/]+/(stable|candidate|beta|edge)(/[^/]+)?$", var.channel))
    error_message = "channel must be track/risk, for example 2.3/stable."
  }
}

variable "config" {
  description = "Options of the charm; docs/reference/options.md describes them. None is needed."
  type        = map(string)
  default     = {}
}

variable "constraints" {
  description = "Juju constraints. The charm is there for amd64 and arm64."
  type        = string
  default     = "arch=amd64"

  validation {
    condition     = !can(regex("arch=", var.constraints)) || can(regex("arch=(amd64|arm64)( |$)", var.constraints))
    error_message = "constraints may ask for arch=amd64 or arch=arm64 only."
  }
}

variable "model_uuid" {
  description = "UUID of the model to deploy in."
  type        = string
}

variable "resources" {
  description = "Another image for the workload: { \"hockeypuck-image\" = image or revision }. Empty: that of the channel."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.resources) : name == "hockeypuck-image"])
    error_message = "resources may name hockeypuck-image only."
  }
}

variable "revision" {
  description = "Revision of the charm. Null: the newest of the channel."
  type        = number
  default     = null
}

variable "storage_directives" {
  description = "Storage for the prefix tree: { \"prefix-tree\" = \"pool,size\" }. Empty: 1 GiB of the model's default pool."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.storage_directives) : name == "prefix-tree"])
    error_message = "storage_directives may name prefix-tree only."
  }
}

variable "trust" {
  description = "Whether the charm may use the cluster's credentials. It asks Kubernetes for nothing."
  type        = bool
  default     = false
}

variable "units" {
  description = "Number of units. Each answers look-ups; the leader reconciles."
  type        = number
  default     = 1

  validation {
    condition     = var.units >= 1 && floor(var.units) == var.units
    error_message = "units must be a whole number of at least 1."
  }
}
