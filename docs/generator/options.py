# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""docs/reference/options.md, from config.yaml."""

from . import markdown, sources

INTRODUCTION = """\
All options have working defaults. A wrong value blocks the unit: the [status](statuses.md) shows the option, the value and the
reason. A running keyserver then keeps its configuration. If you change an option of the keyserver, the charm restarts it,
which takes a few tenths of a second.

`juju config hockeypuck-k8s NAME=VALUE` sets an option. `juju config hockeypuck-k8s --reset NAME` restores the default.
`juju config hockeypuck-k8s NAME=@FILE` reads the value from a file, for example a value with several lines."""


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
