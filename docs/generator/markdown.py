# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""The little Markdown that the pages are made of."""


def page(title, origin, *parts):
    notice = f"<!-- Written by docs/generate from {origin}. Change those and run \"make docs\". -->"
    return "\n\n".join([f"# {title}", notice, *[part for part in parts if part]]) + "\n"


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
