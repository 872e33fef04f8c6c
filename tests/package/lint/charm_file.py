# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""The charm as the lint sees it: its entries, read from a .charm file or from an unpacked charm."""

import dataclasses
import functools
import pathlib
import stat
import sys
import tempfile
import zipfile

import yaml

import program

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "lint" / "yaml"))
import check_yaml  # noqa: E402


@dataclasses.dataclass(frozen=True)
class Entry:
    name: str
    mode: int  # Includes the type of the file.
    data: bytes
    time: tuple = ()

    @property
    def permissions(self):
        return stat.S_IMODE(self.mode)


class Charm:
    def __init__(self, path, entries, debug_symbols=None):
        self.path = path
        self.entries = entries
        self.debug_symbols = debug_symbols
        self.by_name = {entry.name: entry for entry in entries}

    def text(self, name):
        entry = self.by_name.get(name)
        return entry.data.decode(errors="replace") if entry else ""

    @functools.lru_cache(maxsize=None)
    def document(self, name):
        """The content of a YAML file, or an empty mapping if it is missing or not a mapping."""
        try:
            document = yaml.load(self.text(name), check_yaml.StrictLoader)
        except yaml.YAMLError:
            return {}
        return document if isinstance(document, dict) else {}

    @functools.cached_property
    def program(self):
        entry = self.by_name.get("dispatch")
        with tempfile.NamedTemporaryFile() as file:
            file.write(entry.data if entry else b"")
            file.flush()
            return program.read(file.name)


def read_packed(path, debug_symbols=None):
    with zipfile.ZipFile(path) as archive:
        entries = [Entry(info.filename, info.external_attr >> 16, archive.read(info), info.date_time)
                   for info in archive.infolist()]
    return Charm(pathlib.Path(path), entries, debug_symbols)


def read_unpacked(path, debug_symbols=None):
    root = pathlib.Path(path)
    files = sorted(file for file in root.rglob("*") if file.is_file())
    entries = [Entry(str(file.relative_to(root)), file.lstat().st_mode, file.read_bytes()) for file in files]
    return Charm(root, entries, debug_symbols)
