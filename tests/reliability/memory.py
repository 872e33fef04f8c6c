# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Runs a dispatch under valgrind."""

import contextlib
import pathlib

# A dispatch is twenty to forty times slower under valgrind.
SECONDS = 120
SUPPRESSIONS = pathlib.Path(__file__).parent / "valgrind.supp"


class Valgrind:
    name = "valgrind"

    @contextlib.contextmanager
    def disturbance(self, unit):
        yield {"under": ("valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full",
                         "--errors-for-leak-kinds=definite", f"--suppressions={SUPPRESSIONS}",
                         f"--log-file={unit.folder}/valgrind.log")}

    def faults(self, unit, ended):
        """Lines that begin with -- are notes about system calls that valgrind does not know."""
        log = (unit.folder / "valgrind.log").read_text(errors="replace")
        found = "\n".join(line for line in log.splitlines() if not line.startswith("--"))
        return [f"ended with {ended.code}: {found}"] if ended.code != 0 or found else []
