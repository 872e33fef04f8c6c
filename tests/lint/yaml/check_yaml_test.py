#!/usr/bin/env python3
# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Damages a copy of the charm's YAML files in one place at a time, and expects check_yaml to find the fault."""

import pathlib
import sys
import tempfile
import unittest

import check_yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]


class CheckYaml(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)
        for name in check_yaml.FILES:
            (self.root / f"{name}.yaml").write_text((ROOT / f"{name}.yaml").read_text())

    def replace(self, name, old, new):
        path = self.root / f"{name}.yaml"
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, 1))

    def write_actions(self, text):
        (self.root / "actions.yaml").write_text(text)

    def assert_found(self, part):
        found = check_yaml.faults(self.root)
        self.assertTrue(any(part in fault for fault in found), found)

    def test_the_charm_itself_has_no_fault(self):
        self.assertEqual(check_yaml.faults(self.root), [])

    def test_an_endpoint_says_whether_it_is_optional(self):
        self.replace("metadata", "    optional: false\n", "")
        self.assert_found("requires/database: 'optional' is a required property")

    def test_an_endpoint_has_an_interface(self):
        self.replace("metadata", "    interface: loki_push_api\n", "")
        self.assert_found("requires/logging: 'interface' is a required property")

    def test_an_interface_has_one_endpoint(self):
        self.replace("metadata", "interface: traefik_route", "interface: ingress")
        self.assert_found("requires/traefik-route: clashes with ingress")

    def test_a_name_is_an_endpoint_of_one_role(self):
        self.replace("metadata", "  metrics-endpoint:", "  logging:")
        self.assert_found("requires/logging: clashes with logging")

    def test_names_are_kebab_case(self):
        self.replace("config", "  log-level:", "  log_level:")
        self.assert_found("'log_level' does not match")

    def test_an_option_has_a_default(self):
        self.replace("config", "    default: info\n", "")
        self.assert_found("options/log-level: 'default' is a required property")

    def test_a_default_is_of_the_options_type(self):
        self.replace("config", "default: 60", 'default: "60"')
        self.assert_found("options/recon-interval/default: '60' is not of type 'integer'")

    def test_an_option_type_is_one_of_jujus(self):
        self.replace("config", "type: int\n", "type: integer\n")
        self.assert_found("'integer' is not one of")

    def test_a_key_stands_once(self):
        self.replace("config", "  query-limit:", "  hostname:")
        self.assert_found("stands twice")

    def test_a_mounted_storage_is_defined(self):
        self.replace("metadata", "      - storage: prefix-tree", "      - storage: tree")
        self.assert_found("storage/tree: must be both defined and used")

    def test_an_action_closes_its_parameters(self):
        self.write_actions("rebuild:\n  description: Rebuilds the prefix tree.\n")
        self.assert_found("rebuild: 'additionalProperties' is a required property")

    def test_a_required_parameter_is_defined(self):
        self.write_actions("block:\n  description: Blocks a key.\n"
                           "  additionalProperties: false\n  required: [keys]\n")
        self.assert_found("block: requires keys, which is no parameter")

    def test_the_name_stands_in_metadata_alone(self):
        self.replace("charmcraft", "type: charm", "type: charm\nname: hockeypuck-k8s")
        self.assert_found("'name' was unexpected")

    def test_a_missing_file_is_a_fault(self):
        (self.root / "actions.yaml").unlink()
        self.assert_found("actions.yaml: ")


if __name__ == "__main__":
    sys.exit(unittest.main())
