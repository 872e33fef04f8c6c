# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0

output "app_name" {
  description = "Name of the deployed keyserver."
  value       = module.hockeypuck.app_name
}

output "provides" {
  description = "The keyserver's endpoints that others may require."
  value       = module.hockeypuck.provides
}

output "requires" {
  description = "The keyserver's endpoints that others may provide, besides those that this module integrates."
  value = {
    logging = module.hockeypuck.requires.logging
  }
}
