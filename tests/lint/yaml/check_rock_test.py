#!/usr/bin/env python3
# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Damages a copy of the image's recipe in one place at a time, and expects check_rock to find the fault."""

import pathlib
import shutil
import tempfile
import unittest

import check_rock

ROOT = pathlib.Path(__file__).resolve().parents[3]


class CheckRock(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)
        (self.root / "rock").mkdir()
        for name in ("metadata.yaml", "rock/rockcraft.yaml"):
            shutil.copy(ROOT / name, self.root / name)

    def assert_found(self, name, old, new, part):
        path = self.root / name
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, 1))
        found = check_rock.faults(self.root)
        self.assertTrue(any(part in fault for fault in found), found)

    def test_the_recipe_itself_has_no_fault(self):
        self.assertEqual(check_rock.faults(self.root), [])

    def test_the_charm_asks_for_the_version_that_the_recipe_builds(self):
        self.assert_found("metadata.yaml", "hockeypuck:2.3.3", "hockeypuck:2.4", "versions differ")

    def test_the_source_is_of_the_version_that_the_image_names(self):
        self.assert_found("rock/rockcraft.yaml", 'source-tag: "2.3.3"', 'source-tag: "2.3.2"', "versions differ")

    def test_the_program_knows_its_version(self):
        self.assert_found("rock/rockcraft.yaml", "VERSION=2.3.3", "VERSION=2.3.2", "another version")

    def test_the_programs_are_where_the_charm_looks(self):
        self.assert_found("rock/rockcraft.yaml", "- hockeypuck/bin/hockeypuck-load\n", "- usr/bin/hockeypuck-load\n", "other paths")

    def test_the_image_does_not_run_as_root(self):
        self.assert_found("rock/rockcraft.yaml", "run-user: _daemon_\n", "\n", "does not run as")

    def test_the_image_has_no_service_of_its_own(self):
        self.assert_found("rock/rockcraft.yaml", "parts:\n", "services: {}\nparts:\n", "services")


if __name__ == "__main__":
    unittest.main()
