#!/usr/bin/env python3
# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Small texts with one fault each, and correct texts that look like faults."""

import contextlib
import io
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

sys.dont_write_bytecode = True

import check_prose  # noqa: E402

# 26 words.
LONG = "one two three four five six seven eight nine ten eleven twelve thirteen\n" \
       "fourteen fifteen sixteen seventeen eighteen nineteen twenty one two three four five six"


class CheckProse(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def faults_of(self, text, name="page.md"):
        path = self.write(name, text)
        return [fault.removeprefix(f"{path}:") for fault in check_prose.faults(path)]

    def assert_found(self, text, line, part, name="page.md"):
        found = self.faults_of(text, name)
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(f"{line}: "), found)
        self.assertIn(part, found[0])

    def assert_none(self, text, name="page.md"):
        self.assertEqual(self.faults_of(text, name), [])

    def test_each_pattern_of_the_word_list_finds_its_words(self):
        for words in ("anew", "mended", "cure", "beside", "besides", "whoever", "somebody", "nobody", "tells of",
                      "has to say", "without a word", "its own words", "stands", "another one", "a life of its own",
                      "in vain", "to no avail", "you shall", "for ever", "once more", "at the latest", "at once",
                      "by itself", "meanwhile", "goes on", "go on", "about to go", "some 2,000", "some tenths",
                      "what is old that is there", "all that there is", "to be had", "what became of", "from what",
                      "from where", "comes by", "lets go", "let in", "the key is taken", "it is no backup",
                      "also ones", "it knows no more", "it takes its place", "blanks", "line ends", "recon", "key id", "user ids", "look-up"):
            with self.subTest(words):
                self.assert_found(f"# Title\n\nIt says {words}.\n", 3, '": write ')

    def test_a_word_is_found_across_a_line_break(self):
        self.assert_found("The one is not\nanother\none.", 2, '"another one"')

    def test_a_comma_before_too_is_found(self):
        self.assert_found("It works, too.", 1, '", too"')

    def test_words_that_only_look_like_it(self):
        self.assert_none("There is no stand-in. It is no longer recon-port. An amendment. Beyond that, the tool, too-big.")

    def test_code_is_left_alone(self):
        self.assert_none("Run `mend anew`.\n\n```\nbeside anew\n```\n\n~~~\nanew\n~~~\n\n<!-- anew -->\n")

    def test_prose_after_code_is_read(self):
        self.assert_found("```\nx\n```\nMake it anew.", 4, "anew")

    def test_an_address_is_left_alone_and_a_label_is_not(self):
        self.assert_none("[page](recon/anew.md) and <https://example.com/anew>")
        self.assert_found("[made anew](page.md)", 1, "anew")

    def test_headings_are_left_alone(self):
        self.assert_none("# Anew\n")

    def test_cells_of_tables_are_read(self):
        self.assert_found("| a | b |\n|---|---|\n| `anew` | built anew |\n", 3, "anew")

    def test_a_sentence_may_have_25_words(self):
        self.assert_none(LONG.rsplit(" ", 1)[0])

    def test_a_longer_sentence_is_found(self):
        self.assert_found(f"A start. {LONG}.", 1, 'a sentence of 26 words: "one two')

    def test_a_sentence_ends_at_a_colon_and_at_an_item(self):
        self.assert_none(LONG.replace(" ten", ":\nten"))
        self.assert_none(LONG.replace(" ten", "\n- ten"))
        self.assert_none(LONG.replace(" ten", "\n2. ten"))

    def test_code_and_links_are_one_word(self):
        self.assert_none(LONG.replace(" six seven eight", " `six seven eight`"))
        self.assert_none(LONG.replace(" six seven eight", " [six seven eight](page.md)"))

    def test_a_long_line_of_prose_is_found(self):
        self.assert_found(f"short\n{'word. ' * 17}", 2, "102 columns")

    def test_long_lines_of_other_kinds_are_left_alone(self):
        wide = "word. " * 20
        self.assert_none(f"# {wide}\n\n| {wide} |\n\n```\n{wide}\n```\n\n- {'x' * 120}\n")

    def test_texts_of_the_options_are_read(self):
        self.assert_found("options:\n  a:\n    default: anew\n    description: |\n      Good.\n      Made anew.\n", 6,
                          "anew", "config.yaml")

    def test_the_texts_of_the_generator_are_read(self):
        self.assert_found("statuses:\n  - kind: anew\n    text: made anew\n", 3, "anew", "generator/statuses.yaml")

    def test_the_texts_of_alerts_are_read(self):
        self.assert_found("groups:\n- name: recon\n  rules:\n  - expr: up\n    annotations:\n      summary: Mend it.\n",
                          6, "Mend", "keyserver.rule")

    def test_the_texts_of_terraform_are_read(self):
        self.assert_found('variable "a" {\n  default     = "anew"\n  description = "Made anew."\n}\n', 3, "anew", "a.tf")

    def test_strings_of_the_code_are_read(self):
        self.assert_found('auto a = "anew";\nauto b = "make it anew";\n', 2, "anew", "a.cpp")
        self.assert_found('auto a = R"(make it anew)";\n', 1, "anew", "a.cpp")

        self.assert_found('auto a = "make it anew";\n', 1, "anew", "rehearsal/a.cpp")

    def test_strings_of_tests_are_left_alone(self):
        self.assert_none('auto a = "make it anew";\n', "tests/a.cpp")

    def test_comments_and_strings_of_scripts_are_read(self):
        self.assert_found("run it\n  # Made anew.\n", 2, "anew", "demo")
        self.assert_found('anew\necho "made anew"\n', 2, "anew", "demo")
        self.assert_found("all: ## Makes it anew\n", 1, "anew", "Makefile")

    def test_comments_of_the_code_are_read(self):
        for comment in ("// Made anew.", "/// Made anew.", "int a;  ///< Made anew.", "int a;  // Made anew."):
            for name in ("a.cpp", "a.hpp", "tests/a.cpp"):
                with self.subTest(comment=comment, name=name):
                    self.assert_found(f"\n{comment}\n", 2, "anew", name)

    def test_consecutive_lines_of_comment_are_one_text(self):
        self.assert_found("/// It has\n/// another\n/// one.\n", 2, "another one", "a.cpp")
        self.assert_found("  // " + LONG.replace("\n", "\n  // "), 1, "26 words", "a.cpp")
        self.assert_found("int a;  ///< " + LONG.replace("\n", "\n        ///< "), 1, "26 words", "a.hpp")

    def test_a_comment_ends_at_code_and_at_another_kind_of_comment(self):
        self.assert_none("// " + LONG.replace("\n", "\nint a;\n// "), "a.cpp")
        self.assert_none("/// " + LONG.replace("\n", "\n// "), "a.cpp")
        self.assert_none("int a;  ///< " + LONG.replace("\n", "\nint b;  ///< "), "a.hpp")
        self.assert_none("/// " + LONG.replace("\n", "\n///\n/// "), "a.cpp")

    def test_a_literal_is_not_a_comment(self):
        self.assert_none("auto a = \"//anew\"; auto b = '\"'; auto c = R\"x(// anew\n\")x\"; auto d = 1'000;\n", "a.cpp")
        self.assert_found("auto a = '\"';  // anew\n", 1, "anew", "a.cpp")

    def test_an_allowed_text_is_no_fault(self):
        with mock.patch.dict(check_prose.ALLOWED, {("page.md", "anew"): "a quotation"}):
            self.assert_none("Make it anew.")

    def run_main(self, *arguments):
        output = io.StringIO()
        with mock.patch.object(sys, "argv", ["check_prose.py", *map(str, arguments)]), \
                contextlib.redirect_stdout(output):
            return check_prose.main(), output.getvalue()

    def test_a_folder_is_read_with_all_its_texts(self):
        for name in ("docs/page.md", "src/a.cpp", "include/b/a.hpp", "tests/a.cpp", "rehearsal/a.cpp", "build/page.md"):
            self.write(name, '// made anew\nsay("made anew")\n')
        status, output = self.run_main(self.root)
        self.assertEqual(status, 1)
        # Two in the page and in each source, a comment and a string. One in the test.
        self.assertEqual(output.count("anew"), 9)

    def test_plain_files_are_right(self):
        self.assertEqual(self.run_main(self.write("page.md", "It is plain.\n")), (0, "prose: 1 files, all plain\n"))


if __name__ == "__main__":
    unittest.main()
