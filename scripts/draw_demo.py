#!/usr/bin/env python3
# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Draws the output of `make demo` as an SVG picture of a terminal. Usage: draw_demo.py OUTPUT PICTURE."""

import pathlib
import re
import sys
from xml.sax.saxutils import escape

COLUMNS = 118
CHARACTER, LINE, MARGIN, BAR = 8, 18, 20, 36  # Pixels; a character of 13 pixels is at most 8 wide.
HEADING = "== "
# The parts to show: the beginning of each heading, and the largest number of lines.
SHOWN = [
    ("rehearse deploy build/dev/charm hockeypuck-k8s", 3),
    ("rehearse integrate hockeypuck-k8s postgresql-k8s", 2),
    ("Upload and lookup through HKP", 1),
    ("Result of each integration", 7),
    ("rehearse run hockeypuck-k8s/0 block-keys", 5),
    ("rehearse run hockeypuck-k8s/0 show-status", 6),
    ("rehearse status", 11),
]
STYLE = """
    text { fill: #d0d7de; white-space: pre; }
    .command { fill: #7ee787; font-weight: bold; }
    .heading { fill: #79c0ff; font-weight: bold; }
    .cut { fill: #8b949e; font-style: italic; }
    .active { fill: #7ee787; }"""


def parts(output):
    """The output as headings, each with its lines. The first part has no heading."""
    found = [("", [])]
    for line in re.sub(r"\x1b\[[0-9;]*m", "", output).splitlines():
        if line.startswith(HEADING):
            found.append((line.removeprefix(HEADING), []))
        else:
            found[-1][1].append(line.rstrip())
    return [(heading, trimmed(lines)) for heading, lines in found]


def trimmed(lines):
    """Removes the empty lines at the end."""
    return trimmed(lines[:-1]) if lines and not lines[-1] else lines


def shortened(output):
    """The lines of the picture. Raises ValueError if the demo lacks a part to show."""
    (_, shown), *others = parts("$ make demo\n" + output)
    wanted, left_out = list(SHOWN), []
    for heading, lines in others:
        if wanted and heading.startswith(wanted[0][0]):
            most = wanted.pop(0)[1]
            shown += [*ellipsis(left_out), "", HEADING + heading, *lines[:most]]
            left_out = lines[most:]
        else:
            left_out += [heading, *lines]
    if wanted:
        raise ValueError(f"the demo has no part {wanted[0][0]}")
    return shown + ellipsis(left_out)


def ellipsis(left_out):
    count = len([line for line in left_out if line])
    return [f"… {count} more lines"] if count else []


def kind(line):
    if line.startswith(("$ ", HEADING + "rehearse ")):
        return "command"
    if line.startswith("… "):
        return "cut"
    return "heading" if line.startswith(HEADING) else ""


def svg(lines):
    """Draws a dark window, which is readable on light and on dark pages."""
    width, height = 2 * MARGIN + COLUMNS * CHARACTER, BAR + MARGIN + len(lines) * LINE
    drawn = []
    for number, line in enumerate(lines, 1):
        line = line if len(line) <= COLUMNS else line[:COLUMNS - 1] + "…"
        text = re.sub(r"\bactive\b", '<tspan class="active">active</tspan>', escape(line))
        drawn.append(f'  <text class="{kind(line)}" x="{MARGIN}" y="{BAR + number * LINE}" '
                     f'xml:space="preserve">{text}</text>')
    dots = "".join(f'<circle cx="{MARGIN + x}" cy="20" r="6" fill="#484f58"/>' for x in (6, 26, 46))
    body = "\n".join(drawn)
    return f"""<!-- Copyright 2026 The hockeypuck-k8s authors
     SPDX-License-Identifier: Apache-2.0 -->
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"
     role="img" aria-label="The output of make demo"
     font-size="13" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace">
  <style>{STYLE}
  </style>
  <rect x="1" y="1" width="{width - 2}" height="{height - 2}" rx="10" fill="#0d1117" stroke="#484f58"/>
  {dots}
{body}
</svg>
"""


def main():
    source, picture = map(pathlib.Path, sys.argv[1:])
    picture.write_text(svg(shortened(source.read_text())))


if __name__ == "__main__":
    main()
