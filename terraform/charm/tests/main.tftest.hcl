# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0

mock_provider "juju" {}

variables {
  charm_name = "keyserver-k8s"
  channel    = "2.3/edge"
  revision   = 1
  model_uuid = "5b1c2a9e-0000-4000-8000-000000000000"
}

run "needs_a_charm_and_a_model_only" {
  command = plan

  assert {
    condition     = juju_application.hockeypuck.name == "hockeypuck-k8s" && juju_application.hockeypuck.units == 1
    error_message = "the application has a different name or number of units"
  }
  assert {
    condition     = juju_application.hockeypuck.charm[0].name == "keyserver-k8s"
    error_message = "the charm has a different name"
  }
  assert {
    condition     = juju_application.hockeypuck.charm[0].channel == "2.3/edge"
    error_message = "the charm comes from a different channel"
  }
  assert {
    condition     = juju_application.hockeypuck.charm[0].revision == 1
    error_message = "the charm has a different revision"
  }
  assert {
    condition     = juju_application.hockeypuck.resources["hockeypuck-image"] == "ghcr.io/hockeypuck/hockeypuck:2.3.3"
    error_message = "the image is not upstream's"
  }
  assert {
    condition     = juju_application.hockeypuck.trust == false
    error_message = "the charm needs no trust"
  }
}

run "passes_on_the_settings_of_the_operator" {
  command = plan

  variables {
    app_name           = "keys"
    config             = { log-level = "warning" }
    constraints        = "arch=arm64 mem=2G"
    resources          = { hockeypuck-image = "registry.example.com/hockeypuck:2.3.3" }
    storage_directives = { prefix-tree = "fast,5G" }
    trust              = true
    units              = 3
  }

  assert {
    condition     = output.app_name == "keys" && juju_application.hockeypuck.units == 3
    error_message = "name and units did not arrive"
  }
  assert {
    condition     = juju_application.hockeypuck.config["log-level"] == "warning"
    error_message = "the options did not arrive"
  }
  assert {
    condition     = juju_application.hockeypuck.resources["hockeypuck-image"] == "registry.example.com/hockeypuck:2.3.3"
    error_message = "the image did not arrive"
  }
  assert {
    condition     = juju_application.hockeypuck.storage_directives["prefix-tree"] == "fast,5G"
    error_message = "the storage did not arrive"
  }
  assert {
    condition     = juju_application.hockeypuck.constraints == "arch=arm64 mem=2G" && juju_application.hockeypuck.trust
    error_message = "constraints and trust did not arrive"
  }
}

run "refuses_settings_that_the_charm_does_not_have" {
  command = plan

  variables {
    app_name           = "Keys_1"
    channel            = "edge"
    constraints        = "arch=s390x"
    resources          = { app-image = "image" }
    revision           = 0
    storage_directives = { data = "1G" }
    units              = 0
  }

  expect_failures = [
    var.app_name, var.channel, var.constraints, var.resources, var.revision, var.storage_directives, var.units
  ]
}

run "refuses_the_charm_of_canonical" {
  command = plan

  variables {
    charm_name = "hockeypuck-k8s"
  }

  expect_failures = [var.charm_name]
}
