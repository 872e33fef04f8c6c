#!/usr/bin/env python3
# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Checks the relative links of all Markdown files: check_links.py [ROOT]

The file must exist, and the heading after # must be in it, as GitHub names headings. Prints one line
for each fault and exits with 1 if there is any. Addresses of other hosts are left alone.
"""

import pathlib
import re
import sys

# Folders of builds and of git.
SKIPPED = {".git", "build", "parts", "stage", "prime", "overlay"}
FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)|<(?:img|source|a)\b[^>]*?(?:src|srcset|href)=\"([^\"]+)\"")
HEADING = re.compile(r"^#{1,6} +(.*?)(?: +#+)?$", re.MULTILINE)
ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:")


def without_code(text):
    return CODE.sub("", FENCE.sub("", text))


def slug(heading):
    """The anchor that GitHub gives a heading."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    text = re.sub(r"[^\w\- ]", "", text.strip().lower())
    return text.replace(" ", "-")


def anchors(path):
    found = set()
    for heading in HEADING.findall(FENCE.sub("", path.read_text())):
        name = slug(heading)
        number = 0
        while (f"{name}-{number}" if number else name) in found:
            number += 1
        found.add(f"{name}-{number}" if number else name)
    return found


def markdown_files(root):
    return [path for path in sorted(root.rglob("*.md"))
            if not SKIPPED & set(path.relative_to(root).parts)]


def link_fault(root, page, target):
    name, _, anchor = target.partition("#")
    path = (root / name.lstrip("/") if name.startswith("/") else page.parent / name) if name else page
    if not path.exists():
        return f"there is no {name}"
    if anchor and path.suffix == ".md" and anchor not in anchors(path):
        return f"{name or page.name} has no heading #{anchor}"
    return None


def faults(root):
    found = []
    for page in markdown_files(root):
        for match in LINK.finditer(without_code(page.read_text())):
            target = match.group(1) or match.group(2)
            fault = None if ELSEWHERE.match(target) else link_fault(root, page, target)
            if fault:
                found.append(f"{page.relative_to(root)}: {target}: {fault}")
    return found


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    found = faults(root)
    for fault in found:
        print(fault, file=sys.stderr)
    if not found:
        print(f"links: {len(markdown_files(root))} Markdown files, all found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
