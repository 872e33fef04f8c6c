# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""A copy of a charm that a test damages and rewrites."""

import dataclasses
import stat
import zipfile

import charm_file


class Draft:
    def __init__(self, entries, name):
        self.entries = list(entries)
        self.name = name

    def index(self, name):
        return [entry.name for entry in self.entries].index(name)

    def change(self, name, **fields):
        position = self.index(name)
        self.entries[position] = dataclasses.replace(self.entries[position], **fields)

    def chmod(self, name, permissions):
        self.change(name, mode=stat.S_IFREG | permissions)

    def drop(self, name):
        del self.entries[self.index(name)]

    def add(self, name, data, permissions=0o644):
        time = self.entries[0].time
        self.entries.append(charm_file.Entry(name, stat.S_IFREG | permissions, data, time))
        self.entries.sort(key=lambda entry: entry.name)

    def replace(self, name, old, new):
        """Replaces the first OLD. A mutation that changes nothing is itself a fault."""
        data = self.entries[self.index(name)].data
        if isinstance(old, str):
            old, new = old.encode(), new.encode()
        if old not in data:
            raise LookupError(f"{name} has no {old!r}")
        self.change(name, data=data.replace(old, new, 1))

    def write(self, path):
        with zipfile.ZipFile(path, "w") as archive:
            for entry in self.entries:
                info = zipfile.ZipInfo(entry.name, entry.time)
                info.create_system = 3
                info.external_attr = entry.mode << 16
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, entry.data, compresslevel=1)
