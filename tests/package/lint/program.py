# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""The facts that readelf prints about a program."""

import dataclasses
import os
import re
import subprocess

# ELF's names of machines, with the names that Debian, Ubuntu and Juju use.
ARCHITECTURES = {
    "Advanced Micro Devices X86-64": "amd64",
    "AArch64": "arm64",
}


@dataclasses.dataclass(frozen=True)
class Program:
    architecture: str
    is_position_independent: bool
    dynamic: str
    segments: str
    sections: str
    needed: tuple
    versions: tuple  # The versions of glibc's symbols.
    imports: tuple
    build_id: str


def readelf(path, *options):
    result = subprocess.run(
        ["readelf", "--wide", *options, str(path)], capture_output=True, text=True, errors="replace",
        env={**os.environ, "LC_ALL": "C"}, check=False)
    return result.stdout


def found(pattern, text, default=""):
    match = re.search(pattern, text, re.MULTILINE)
    return match.group(1).strip() if match else default


def imported_symbols(symbols):
    for line in symbols.splitlines():
        columns = line.split()
        if len(columns) > 7 and columns[6] == "UND":
            yield columns[7].split("@")[0]


def build_id(path):
    return found(r"Build ID: ([0-9a-f]+)", readelf(path, "--notes"))


def read(path):
    header = readelf(path, "--file-header")
    dynamic = readelf(path, "--dynamic")
    machine = found(r"Machine:(.*)$", header, "no ELF program")
    return Program(
        architecture=ARCHITECTURES.get(machine, machine),
        is_position_independent="DYN" in found(r"Type:(.*)$", header) and re.search(r"FLAGS_1\).*PIE", dynamic) is not None,
        dynamic=dynamic,
        segments=readelf(path, "--program-headers"),
        sections=readelf(path, "--section-headers"),
        needed=tuple(re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic)),
        versions=tuple(re.findall(r"Name: (GLIBC_[\w.]+)", readelf(path, "--version-info"))),
        imports=tuple(imported_symbols(readelf(path, "--dyn-syms"))),
        build_id=build_id(path))
