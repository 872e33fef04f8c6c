# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""The reason why a page cannot be written."""


class Fault(Exception):
    """Holds one line for each fault."""

    def __init__(self, lines):
        super().__init__("\n".join(lines))
        self.lines = lines


def require_same(what, in_code, in_texts, where):
    """Everything in the code must be explained, and everything explained must be in the code."""
    lines = [f"{where}: does not explain the {what} {name!r}"
             for name in in_code if name not in in_texts]
    lines += [f"{where}: explains the {what} {name!r}, which the code does not have"
              for name in in_texts if name not in in_code]
    if lines:
        raise Fault(lines)
