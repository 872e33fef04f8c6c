# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Invented OpenPGP keys."""

import os
import pathlib
import subprocess
import tempfile

PROGRAMS = os.environ.get("PROGRAMS", "build/dev/tests/bench")


def new_keys(count):
    """Makes new keys: armored, by fingerprint."""
    with tempfile.TemporaryDirectory() as folder:
        made = subprocess.run([f"{PROGRAMS}/made-up-keys", str(count), folder],
                              capture_output=True, text=True, check=True)
        return {fingerprint: (pathlib.Path(folder) / f"{number}.asc").read_text()
                for number, fingerprint in enumerate(made.stdout.split(), start=1)}


def absent_fingerprints(count):
    """Returns fingerprints without a key, the same each time."""
    return [f"{number:040x}" for number in range(1, count + 1)]
