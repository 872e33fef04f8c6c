# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Rules about the .charm as a ZIP file, and about its files other than YAML and the program."""

import hashlib
import re
import stat
import xml.etree.ElementTree as ElementTree

from rules import rule

REQUIRED = {"actions.yaml", "config.yaml", "dispatch", "icon.svg", "LICENSE", "manifest.yaml", "metadata.yaml"}
ALLOWED = re.compile(r"hooks/[a-z-]+")
APACHE_2_0 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
MAX_PACKED = 4_000_000
MAX_UNPACKED = 10_000_000
SVG = "{http://www.w3.org/2000/svg}"


@rule("archive", "files", "The charm holds what Juju and Charmhub look for, and nothing else.")
def files(charm):
    names = [entry.name for entry in charm.entries]
    for name in sorted(REQUIRED - set(names)):
        yield f"{name} is missing"
    for name in sorted(set(names) - REQUIRED):
        if not ALLOWED.fullmatch(name):
            yield f"{name} does not belong in a charm"
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{name} stands twice"


@rule("archive", "links", "Every entry is a regular file, for Juju refuses other links than its own kind.")
def links(charm):
    for entry in charm.entries:
        if not stat.S_ISREG(entry.mode):
            yield f"{entry.name} is no regular file"


@rule("archive", "dispatch-mode", "dispatch has mode 755: Juju starts it as it is unpacked.")
def dispatch_mode(charm):
    entry = charm.by_name.get("dispatch")
    if entry and entry.permissions != 0o755:
        yield f"dispatch has mode {entry.permissions:o}"


@rule("archive", "modes", "Hooks have mode 755 and other files 644, so that every user of the container can read them.")
def modes(charm):
    for entry in charm.entries:
        expected = 0o755 if entry.name.startswith("hooks/") else 0o644
        if entry.name != "dispatch" and entry.permissions != expected:
            yield f"{entry.name} has mode {entry.permissions:o} instead of {expected:o}"


@rule("archive", "hooks", "A file in hooks is a shell script that does no more than start dispatch.")
def hooks(charm):
    for entry in charm.entries:
        if entry.name.startswith("hooks/"):
            lines = [line for line in entry.data.decode(errors="replace").splitlines() if line.strip()]
            commands = [line for line in lines if not line.startswith("#")]
            if lines[:1] != ["#!/bin/sh"] or commands != ["exec ./dispatch"]:
                yield f"{entry.name} does something else"


@rule("archive", "packed-size", f"The .charm is at most {MAX_PACKED // 1_000_000} MB.")
def packed_size(charm):
    size = charm.path.stat().st_size
    if size > MAX_PACKED:
        yield f"it has {size} bytes"


@rule("archive", "unpacked-size", f"Unpacked, the charm is at most {MAX_UNPACKED // 1_000_000} MB.")
def unpacked_size(charm):
    size = sum(len(entry.data) for entry in charm.entries)
    if size > MAX_UNPACKED:
        yield f"it has {size} bytes"


@rule("archive", "reproducible", "Entries are sorted and have one time, so that the same source packs to the same file.")
def reproducible(charm):
    names = [entry.name for entry in charm.entries]
    if names != sorted(names):
        yield "the entries are not sorted by name"
    times = {entry.time for entry in charm.entries}
    if len(times) > 1:
        yield f"the entries have {len(times)} different times"


@rule("archive", "licence", "LICENSE is the unchanged text of the Apache License 2.0.")
def licence(charm):
    entry = charm.by_name.get("LICENSE")
    if entry and hashlib.sha256(entry.data).hexdigest() != APACHE_2_0:
        yield "LICENSE has another text"


@rule("archive", "icon", "icon.svg is 100 by 100, as Charmhub shows it, and loads nothing.")
def icon(charm):
    entry = charm.by_name.get("icon.svg")
    if not entry:
        return
    try:
        root = ElementTree.fromstring(entry.data)
    except ElementTree.ParseError as error:
        yield f"icon.svg is no XML: {error}"
        return
    if root.tag != f"{SVG}svg":
        yield f"icon.svg is a {root.tag}"
    shown = tuple(root.get(name, "") for name in ("width", "height", "viewBox"))
    if shown != ("100", "100", "0 0 100 100"):
        yield f"icon.svg has width, height and viewBox {shown}"
    for element in root.iter():
        if element.tag in (f"{SVG}script", f"{SVG}image") or any(name.endswith("href") for name in element.keys()):
            yield f"icon.svg has a {element.tag.removeprefix(SVG)} that loads or runs something"
