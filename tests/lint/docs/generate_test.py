#!/usr/bin/env python3
# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Changes a copy of the code, or of the texts, in one place and expects docs/generate to find it."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
COPIED = ("docs", "src", "include", "tests/data/hockeypuck", "tests/data/databags", "tests/data/interfaces")
FILES = ("actions.yaml", "config.yaml", "metadata.yaml")


class Generate(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)
        for name in COPIED:
            shutil.copytree(ROOT / name, self.root / name)
        for name in FILES:
            shutil.copy(ROOT / name, self.root / name)

    def generate(self, *options):
        return subprocess.run([sys.executable, "-B", self.root / "docs/generate", *options],
                              capture_output=True, text=True, check=False)

    def replace(self, name, old, new):
        path = self.root / name
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, 1))

    def append(self, name, text):
        path = self.root / name
        path.write_text(path.read_text() + text)

    def assert_found(self, part):
        result = self.generate("--check")
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn(part, result.stderr)

    def test_the_pages_are_those_of_the_code(self):
        result = self.generate("--check")
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_a_page_changed_by_hand_is_found(self):
        self.append("docs/reference/ports.md", "more\n")
        self.assert_found("docs/reference/ports.md: does not match the code")

    def test_a_check_writes_nothing(self):
        page = self.root / "docs/reference/ports.md"
        page.unlink()
        self.generate("--check")
        self.assertFalse(page.exists())

    def test_writing_corrects_a_page(self):
        self.append("docs/reference/ports.md", "more\n")
        self.assertEqual(self.generate().returncode, 0)
        self.assertEqual(self.generate("--check").returncode, 0)

    def test_a_status_of_the_code_must_be_explained(self):
        self.append("src/domain/statuses.cpp",
                    '\nStatus later(std::string_view it) {\n  return {StatusKind::waiting, joined({"waiting for ", it})};\n}\n')
        self.assert_found("does not explain the status 'waiting: waiting for …'")

    def test_a_status_that_is_made_elsewhere_is_found(self):
        self.append("src/hook/next_step.cpp", 'Status worse() { return Status{StatusKind::blocked, "worse"}; }')
        self.assert_found("src/hook/next_step.cpp: makes a status")

    def test_an_explained_status_must_be_in_the_code(self):
        self.replace("src/domain/statuses.cpp", "to come back", "to return")
        self.assert_found("to come back', which the code does not have")

    def test_both_kinds_of_a_choice_are_statuses(self):
        self.replace("src/domain/statuses.cpp", "StatusKind::waiting : StatusKind::blocked",
                     "StatusKind::active : StatusKind::blocked")
        self.assert_found("does not explain the status 'active: …: ……'")

    def test_a_status_in_a_comment_is_none(self):
        self.append("src/hook/next_step.cpp", '// return {StatusKind::waiting, "never"};\n')
        self.assertEqual(self.generate("--check").returncode, 0)

    def test_a_reason_of_a_wrong_option_must_be_listed(self):
        self.replace("src/options/option_values.cpp", "is reserved by PostgreSQL", "is taken by PostgreSQL")
        self.assert_found("does not explain the reason of a wrong option 'is taken by PostgreSQL'")

    def test_an_option_changes_its_page(self):
        self.replace("config.yaml", "default: 60", "default: 61")
        self.assert_found("docs/reference/options.md: does not match the code")

    def test_a_result_of_an_action_must_be_explained(self):
        self.replace("src/actions/block_list/block_list.cpp", '{"bytes",', '{"size",')
        self.assert_found("does not explain the result of export-block-list 'size'")

    def test_a_new_action_must_be_explained(self):
        self.append("actions.yaml", "new-action:\n  description: New.\n  additionalProperties: false\n")
        self.assert_found("does not explain the action 'new-action'")

    def test_a_new_metric_must_be_explained(self):
        self.append("tests/data/hockeypuck/metrics.txt", "# TYPE hockeypuck_new counter\nhockeypuck_new 1\n")
        self.assert_found("does not explain the metric 'hockeypuck_new'")

    def test_an_alert_asks_for_metrics_that_exist(self):
        self.replace("src/cos/prometheus_alert_rules/keyserver.rule", "hockeypuck_keys_removed{", "hockeypuck_removed{")
        self.assert_found("HockeypuckKeysRemoved uses the unknown metric hockeypuck_removed")

    def test_an_alert_says_what_to_do(self):
        self.replace("src/cos/loki_alert_rules/keyserver.rule", "alert: HockeypuckPanic", "alert: HockeypuckCrash")
        self.assert_found("does not explain the alert 'HockeypuckCrash'")

    def test_an_opened_port_must_be_explained(self):
        self.replace("include/charm/hockeypuck/hockeypuck.hpp", "inline constexpr int metrics_port",
                     "inline constexpr int new_port = 1;\ninline constexpr int metrics_port")
        self.replace("src/hockeypuck/workload.cpp", "return {recon_port,", "return {new_port, recon_port,")
        self.assert_found("does not explain the port 'new_port'")

    def test_a_key_of_a_databag_must_be_explained(self):
        self.replace("tests/data/databags/ingress.json", '"is_port_open"', '"is_open"')
        self.assert_found("does not explain the key of ingress 'is_open'")

    def test_a_key_for_the_other_units_must_be_explained(self):
        self.replace("src/handlers/peer_relation.cpp", '"admin-key-secret"', '"admin-secret"')
        self.assert_found("does not explain the key of hockeypuck-peers 'admin-secret'")

    def test_a_new_endpoint_must_be_explained(self):
        self.replace("metadata.yaml", "  grafana-dashboard:", "  dashboard:")
        self.assert_found("does not explain the endpoint 'dashboard'")

    def test_writing_twice_writes_the_same(self):
        before = {path: path.read_text() for path in (self.root / "docs/reference").iterdir()}
        for path in before:
            path.unlink()
        self.generate()
        self.assertEqual({path: path.read_text() for path in before if path.exists()},
                         {path: text for path, text in before.items() if "written by docs/generate" in text.lower()})


if __name__ == "__main__":
    unittest.main()
