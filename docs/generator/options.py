# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""docs/reference/options.md, from config.yaml."""

from . import markdown, sources

INTRODUCTION = """\
No option needs setting. A wrong value blocks the unit with the option's name, the value and what is wrong
with it ([statuses](statuses.md)), and a keyserver that runs keeps the configuration that it has. Every change of an
option that the keyserver reads restarts it, which takes some tenths of a second.

`juju config hockeypuck-k8s NAME=VALUE` sets an option, `juju config hockeypuck-k8s --reset NAME` takes the
default back, and `juju config hockeypuck-k8s NAME=@FILE` reads a value of several lines from a file."""


def page(root):
    options = sources.read_yaml(root / "config.yaml")["options"]
    overview = markdown.table(
        ["option", "type", "default"],
        [[f"[`{name}`](#{name})", option["type"], shown_default(option)]
         for name, option in options.items()])
    sections = [section(name, option) for name, option in options.items()]
    return markdown.page("Options", "config.yaml", INTRODUCTION, overview, *sections)


def section(name, option):
    text, example = split_example(option["description"])
    parts = [f"## {name}", f"Type {option['type']}, default {shown_default(option)}.", text]
    if example:
        parts += ["Example:", markdown.fenced("text", example)]
    return "\n\n".join(parts)


def shown_default(option):
    if option["type"] == "secret":
        return "unset"
    default = option["default"]
    if isinstance(default, bool):
        return markdown.code(str(default).lower())
    return markdown.code(default) or "empty"


def split_example(description):
    """The text, and the value after `Example:`, which ends each description."""
    text, _, example = description.rpartition("Example:")
    if not text:
        return description.strip(), ""
    lines = [line.strip() for line in example.strip().splitlines()]
    return text.strip(), "\n".join(lines)
