# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Tests of run_pages, without a rehearsed model."""

import importlib.machinery
import importlib.util
import pathlib
import tempfile
import unittest

LOADER = importlib.machinery.SourceFileLoader(
    "run_pages", str(pathlib.Path(__file__).with_name("run_pages")))
run_pages = importlib.util.module_from_spec(
    importlib.util.spec_from_loader(LOADER.name, LOADER))
LOADER.exec_module(run_pages)

PAGE = """Text.

```console
$ echo one
one
$ echo two \\
    three
```

1. A list.

   ```console
   $ exit_with() { return $1; }
   $ exit_with 3
   ```

```bash
echo four
```

```text
f…r
five
```
"""


def blocks():
    return run_pages.blocks_of("page.md", PAGE)


class RunPages(unittest.TestCase):
    def test_reads_commands_with_their_lines(self):
        commands = [str(command) for block in blocks() for command in block.commands]
        self.assertEqual(commands, [
            "page.md:4: echo one", "page.md:6: echo two \\\n    three",
            "page.md:13: exit_with() { return $1; }", "page.md:14: exit_with 3",
            "page.md:18: echo four"])

    def test_reports_what_fails_and_what_is_not_shown(self):
        found = blocks()
        with tempfile.TemporaryDirectory() as build, \
                run_pages.Model(pathlib.Path(build)) as model:
            model.run([command for block in found for command in block.commands])
        faults = [fault.splitlines()[:2] for fault in run_pages.faults_of(found)]
        self.assertEqual(faults, [["page.md:14: exit_with 3", "  ended with 3"],
                                  ["page.md:23: is not shown: five", "    four"]])

    def test_leaves_out_what_cannot_run(self):
        exceptions = run_pages.Exceptions([{"command": "echo two *"}, {"command": "none"}])
        held = [command.line for block in blocks() for command in block.commands
                if exceptions.hold(command)]
        self.assertEqual(held, [6])
        self.assertEqual(exceptions.unused, [{"command": "none"}])


if __name__ == "__main__":
    unittest.main()
