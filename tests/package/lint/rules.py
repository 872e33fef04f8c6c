# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""The list of rules. A rule has an ID, a subject and a sentence, and yields its faults."""

import dataclasses
from typing import Callable


@dataclasses.dataclass(frozen=True)
class Rule:
    name: str
    subject: str  # archive, declaration or program
    sentence: str
    faults: Callable


RULES = []


def rule(subject, name, sentence):
    def register(faults):
        RULES.append(Rule(name, subject, sentence, faults))
        return faults
    return register


def broken(charm, subjects):
    """Returns pairs of a rule and a fault."""
    for each in RULES:
        if each.subject in subjects:
            for fault in each.faults(charm):
                yield each, fault
