#!/usr/bin/env python3
# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Rewrites a .charm so that equal content gives an equal file: normalize_charm.py FROM TO

charmcraft writes the entries in the order of the folder, with the time of the packing, and that time
into manifest.yaml. This script sorts the entries and sets their modes to 644 or 755. All times become
that of SOURCE_DATE_EPOCH, in seconds since 1970.
"""

import datetime
import os
import re
import stat
import sys
import zipfile

EARLIEST = 315532800  # 1980, the earliest time in a ZIP file.


def source_time():
    seconds = max(int(os.environ.get("SOURCE_DATE_EPOCH", EARLIEST)), EARLIEST)
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)


def normal_content(name, data, time):
    if name != "manifest.yaml":
        return data
    started_at = f"charmcraft-started-at: '{time:%Y-%m-%dT%H:%M:%SZ}'"
    text, count = re.subn(r"(?m)^charmcraft-started-at:.*$", started_at, data.decode())
    if count != 1:
        raise ValueError(f"manifest.yaml says {count} times when charmcraft started, instead of once")
    return text.encode()


def normal_entry(entry, time):
    executable = (entry.external_attr >> 16) & stat.S_IXUSR
    normal = zipfile.ZipInfo(entry.filename, time.timetuple()[:6])
    normal.create_system = 3  # Unix, so that the modes are valid.
    normal.external_attr = (stat.S_IFREG | (0o755 if executable else 0o644)) << 16
    normal.compress_type = zipfile.ZIP_DEFLATED
    return normal


def normalize(source, target):
    time = source_time()
    with zipfile.ZipFile(source) as packed, zipfile.ZipFile(target, "w") as result:
        for entry in sorted(packed.infolist(), key=lambda entry: entry.filename):
            if entry.is_dir():
                continue
            content = normal_content(entry.filename, packed.read(entry), time)
            result.writestr(normal_entry(entry, time), content, compresslevel=9)


if __name__ == "__main__":
    normalize(*sys.argv[1:])
