# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Reads the facts of the pages from YAML and C++."""

import re

import yaml


def read_yaml(path):
    return yaml.safe_load(path.read_text())


def texts(root, name):
    """The written explanations of the code: docs/generator/NAME.yaml."""
    return read_yaml(root / "docs/generator" / f"{name}.yaml")


def integer_constants(path):
    """`inline constexpr int NAME = VALUE;` of a header, in its order."""
    found = re.findall(r"inline constexpr int (\w+) = (\d+);", path.read_text())
    return {name: int(value) for name, value in found}


def member_default(path, member):
    """The default of an integer member of a struct."""
    found = re.search(rf"\b{member} = (\d+);", path.read_text())
    return int(found.group(1)) if found else None


def cpp_files(directory):
    return sorted(directory.rglob("*.cpp"))
