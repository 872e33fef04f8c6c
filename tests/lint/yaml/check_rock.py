#!/usr/bin/env python3
# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Checks that the image's recipe and the charm agree: check_rock.py [PROJECT-ROOT]

rockcraft checks the form of the recipe when it packs. These rules compare it with the charm.
"""

import pathlib
import sys

import yaml

# The files that the charm expects. The charm itself makes the configuration and the tree.
PATHS = {f"hockeypuck/{path}" for path in (
    "bin/hockeypuck", "bin/hockeypuck-dump", "bin/hockeypuck-load", "bin/hockeypuck-pbuild",
    "lib/templates", "lib/www", "etc", "data")}


def version_faults(rock, metadata):
    part = rock["parts"]["hockeypuck"]
    image = metadata["resources"]["hockeypuck-image"]["upstream-source"]
    versions = {"version": rock["version"], "source-tag": part["source-tag"], "upstream-source": image.split(":")[-1]}
    if len(set(versions.values())) != 1:
        yield f"the versions differ: {versions}"
    if f"VERSION={rock['version']}" not in part["override-build"]:
        yield "the program would tell another version of itself"


def content_faults(rock):
    for name, part in rock["parts"].items():
        if set(part.get("prime", [])) != PATHS:
            yield f"{name}: prime has other paths than the charm expects"
    if rock.get("run-user") != "_daemon_":
        yield "the image does not run as _daemon_"
    for key in ("services", "entrypoint-service", "entrypoint-command"):
        if key in rock:
            yield f"{key}: the charm brings the services"


def faults(root):
    rock = yaml.safe_load((root / "rock/rockcraft.yaml").read_text())
    metadata = yaml.safe_load((root / "metadata.yaml").read_text())
    return [*version_faults(rock, metadata), *content_faults(rock)]


def main():
    found = faults(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "."))
    for fault in found:
        print(f"rock/rockcraft.yaml: {fault}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
