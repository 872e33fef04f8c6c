#!/usr/bin/env python3
# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Small pages with one fault each."""

import pathlib
import tempfile
import unittest

import check_links


class CheckLinks(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)
        self.write("docs/other.md", "# The `other` page\n\n## Twice\n\n## Twice\n")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def faults_of(self, text):
        self.write("README.md", text)
        return check_links.faults(self.root)

    def test_a_link_to_a_file_that_exists_is_right(self):
        self.assertEqual(self.faults_of("[other](docs/other.md), [folder](docs)"), [])

    def test_a_link_to_a_missing_file_is_a_fault(self):
        self.assertEqual(self.faults_of("[gone](docs/gone.md)"),
                         ["README.md: docs/gone.md: there is no docs/gone.md"])

    def test_a_link_to_a_heading_finds_it(self):
        self.assertEqual(self.faults_of("[a](docs/other.md#the-other-page) [b](docs/other.md#twice-1)"), [])

    def test_a_link_to_a_missing_heading_is_a_fault(self):
        self.assertEqual(self.faults_of("[a](docs/other.md#twice-2)"),
                         ["README.md: docs/other.md#twice-2: docs/other.md has no heading #twice-2"])

    def test_a_heading_of_the_same_page_is_looked_up_there(self):
        self.assertEqual(self.faults_of("# One\n[a](#one)"), [])
        self.assertEqual(self.faults_of("# One\n[a](#two)"), ["README.md: #two: README.md has no heading #two"])

    def test_a_picture_must_exist(self):
        self.assertEqual(self.faults_of('<img src="docs/no.svg" alt="">'),
                         ["README.md: docs/no.svg: there is no docs/no.svg"])

    def test_code_holds_no_links(self):
        self.assertEqual(self.faults_of("`[a](gone)`\n\n```\n[a](gone)\n# no heading\n```\n"), [])

    def test_a_comment_in_a_fence_is_no_heading(self):
        self.assertNotEqual(self.faults_of("```\n# inside\n```\n[a](#inside)"), [])

    def test_other_hosts_are_left_alone(self):
        self.assertEqual(self.faults_of("[a](https://example.com/x#y) [b](mailto:a@example.com)"), [])

    def test_builds_are_left_alone(self):
        self.write("build/dev/page.md", "[gone](gone.md)")
        self.assertEqual(self.faults_of("nothing"), [])


if __name__ == "__main__":
    unittest.main()
