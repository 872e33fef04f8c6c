# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0

terraform {
  required_version = ">= 1.9"
  required_providers {
    juju = {
      source  = "juju/juju"
      version = ">= 1.0, < 3.0"
    }
  }
}
