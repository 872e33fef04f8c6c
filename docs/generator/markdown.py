# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""The Markdown of the pages."""

import re
import textwrap

COLUMNS = 100
# What begins a line that is not prose.
OTHER = re.compile(r"\||#|<!--|[-*] |\d+\. ")


def page(title, origin, *parts):
    notice = f"<!-- Written by docs/generate from {origin}. Change those and run \"make docs\". -->"
    return "\n\n".join([f"# {title}", notice, *[wrapped(part) for part in parts if part]]) + "\n"


def wrapped(text):
    """The text with its paragraphs of prose filled; code, tables, lists and headings stay."""
    pieces = re.split(r"(^```.*?^```$)", text, flags=re.DOTALL | re.MULTILINE)
    return "".join(piece if piece.startswith("```") else
                   "\n\n".join(filled(paragraph) for paragraph in piece.split("\n\n")) for piece in pieces)


def filled(paragraph):
    if OTHER.match(paragraph.lstrip("\n")):
        return paragraph
    begin, end = len(paragraph) - len(paragraph.lstrip("\n")), len(paragraph.rstrip("\n"))
    lines = textwrap.fill(paragraph[begin:end], COLUMNS, break_long_words=False, break_on_hyphens=False)
    return paragraph[:begin] + lines + paragraph[end:]


def table(headers, rows):
    """One row a list; nothing where there are no rows."""
    if not rows:
        return ""
    lines = [row_of(headers), "|" + "---|" * len(headers)]
    return "\n".join(lines + [row_of(row) for row in rows])


def row_of(cells):
    return "| " + " | ".join(one_line(cell).replace("|", "\\|") for cell in cells) + " |"


def one_line(text):
    return " ".join(str(text).split())


def code(text):
    """The text in typewriter letters; nothing for an empty text."""
    return f"`{text}`" if text != "" else ""


def fenced(language, text):
    return f"```{language}\n{text.rstrip()}\n```"
