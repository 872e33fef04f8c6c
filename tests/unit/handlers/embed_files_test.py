# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Adds a broken file to the embedded ones, and expects the build to fail."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
NO_RULES = ("", "a: [", "groups", "{}", "groups: 1", "groups: [1]", "groups: [{rules: []}]",
            "groups: [{name: a}]", "groups: [{name: a, rules: {}}]",
            "groups: [{name: a, rules: [{alert: x}]}]", "groups: [{rules: [{expr: x}]}]",
            "groups: [{name: a, rules: [{expr: [x]}]}]",
            "groups: [{name: a, rules: [{expr: x, labels: y}]}]",
            "groups: [{name: a, rules: [{expr: ')embedded'}]}]",
            "groups: [{name: a, rules: [{expr: 'x{%%juju%%}'}]}]",
            "groups: [{name: a, rules: [{expr: 'x{%%juju_topology}'}]}]")


class EmbedFiles(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)
        shutil.copytree(ROOT / "src/cos", self.root / "src/cos")
        shutil.copy(ROOT / "metadata.yaml", self.root)

    def embedded(self, name, text):
        (self.root / name).write_text(text)
        return subprocess.run([sys.executable, "-B", ROOT / "src/handlers/embed_files.py", self.root,
                               self.root / "output"], capture_output=True, text=True, check=False)

    def test_takes_every_scalar_as_text(self):
        done = self.embedded("src/cos/loki_alert_rules/a.rule",
                             "groups: [{name: a, rules: [{expr: 1, for: 0, labels: {b: yes}}]}]")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('"expr":"1","for":"0","labels":{"b":"yes",', (self.root / "output").read_text())

    def test_leaves_the_application_open_and_lets_the_labels_of_the_file_win(self):
        done = self.embedded("src/cos/loki_alert_rules/a.rule",
                             "groups:\n"
                             "- name: a-b.c\n"
                             "  rules:\n"
                             "  - {expr: 'x{%%juju_topology%%}', labels: {juju_charm: mine}}\n"
                             "- {name: d_rules, rules: [{record: e, expr: x}]}\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        labels = ('"juju_model":"%%juju_model%%",'
                  '"juju_model_uuid":"%%juju_model_uuid%%"')
        self.assertIn('{"name":"%%juju_identifier%%_a_b_c_rules","rules":[{"expr":"x{%%juju_topology%%}",'
                      '"labels":{"juju_application":"%%juju_application%%","juju_charm":"mine",'
                      f'{labels}}}}}]}},'
                      '{"name":"%%juju_identifier%%_d_rules","rules":[{"expr":"x",'
                      '"labels":{"juju_application":"%%juju_application%%",'
                      f'"juju_charm":"hockeypuck-k8s",{labels}}},"record":"e"}}]}}',
                      (self.root / "output").read_text())

    # The ID is that of a sample, which the library made for a dashboard of that name.
    def test_names_a_dashboard_as_the_library_does(self):
        done = self.embedded("src/cos/grafana_dashboards/keyserver.json", "{}")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('"ee29b07d04e30bfe"', (self.root / "output").read_text())

    def test_fails_on_a_file_without_rules_and_names_it(self):
        for text in NO_RULES:
            done = self.embedded("src/cos/prometheus_alert_rules/broken.rule", text)
            self.assertEqual(done.returncode, 1, text)
            self.assertIn("src/cos/prometheus_alert_rules/broken.rule", done.stderr, text)
            self.assertNotIn("Traceback", done.stderr, text)
            self.assertFalse((self.root / "output").exists(), text)

    def test_fails_on_a_dashboard_that_is_no_json(self):
        done = self.embedded("src/cos/grafana_dashboards/broken.json", "{")
        self.assertEqual(done.returncode, 1)
        self.assertIn("src/cos/grafana_dashboards/broken.json", done.stderr)


if __name__ == "__main__":
    unittest.main()
