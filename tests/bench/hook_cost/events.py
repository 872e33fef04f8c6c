# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""The measured events, and their bounds."""

import itertools
from dataclasses import dataclass, field
from typing import Callable

from costs import Bounds
from keys import absent_fingerprints, new_keys
from model import APP, DATABASE, UNIT

FINGERPRINT = "abcdef0123456789abcdef0123456789abcdef01"


def nothing(_model):
    """Needs no preparation."""


@dataclass(frozen=True)
class Event:
    title: str
    hook: str  # The name in `rehearse show-hooks`.
    bring: Callable  # Makes the model, perhaps with a different program.
    prepare: Callable = nothing
    bounds: Bounds = field(default_factory=Bounds)
    goal_ms: float | None = None  # Wall time, on the machine of docs/reference/performance.md.
    goal_cpu_ms: float | None = None


def command(*arguments):
    return lambda model, under: model.rehearse(*arguments, under=under)


def alternately(*commands):
    """Alternates two values, so that each one is new."""
    turns = itertools.cycle(commands)
    return lambda model, under: model.rehearse(*next(turns), under=under)


def same_fingerprint(letters):
    return ("config", APP, f"contact-fingerprint={letters}")


class LookUp:
    """Looks up a stored key."""

    _fingerprint = ""

    def prepare(self, model):
        if not self._fingerprint:
            keys = new_keys(1)
            model.upload(keys.values())
            self._fingerprint = next(iter(keys))

    def bring(self, model, under):
        model.run("lookup-key", {"keyword": f"0x{self._fingerprint}"}, under=under)


class Blocking:
    """Blocks stored keys, different ones each time."""

    def __init__(self, count):
        self._count = count
        self._fingerprints = []

    def prepare(self, model):
        keys = new_keys(self._count)
        model.upload(keys.values())
        self._fingerprints = list(keys)

    def bring(self, model, under):
        results = model.run("block-keys", {"fingerprints": " ".join(self._fingerprints)},
                            under=under)
        model.expect(results, blocked=self._count, deleted=self._count)


class BlockList:
    """Adds fingerprints of keys that do not exist to the block list, or removes them again."""

    def __init__(self, count, action):
        self._count = count
        self._parameters = {"fingerprints": " ".join(absent_fingerprints(count))}
        self._action = action

    def prepare(self, model):
        model.run("unblock-keys" if self._action == "block-keys" else "block-keys",
                  self._parameters)

    def bring(self, model, under):
        results = model.run(self._action, self._parameters, under=under)
        model.expect(results, **{self._action.removesuffix("-keys") + "ed": self._count})


LOOK_UP = LookUp()
UNBLOCK = BlockList(10_000, "unblock-keys")


def blocking(title, what, goal_ms, bounds=Bounds()):
    return Event(title, "block-keys", what.bring, prepare=what.prepare, bounds=bounds,
                 goal_ms=goal_ms)


# 10,000 fingerprints are 410 kB, which several programs read, quote and parse.
MANY = Bounds(rss_mib=128)


EVENTS = (
    Event("update-status", "update-status", command("advance", "5m"),
          bounds=Bounds(calls=12, pebble_requests=4, instructions=5_500_000),
          goal_ms=20, goal_cpu_ms=4),
    Event("config-changed, nothing new", "config-changed",
          alternately(same_fingerprint(FINGERPRINT.upper()), same_fingerprint(FINGERPRINT)),
          bounds=Bounds(calls=14, pebble_requests=4, instructions=5_500_000), goal_cpu_ms=5),
    Event("pebble-ready, nothing new", "hockeypuck-pebble-ready", command("restart-agent", UNIT),
          bounds=Bounds(calls=14, pebble_requests=4)),
    Event("new password: Hockeypuck restarts", "secret-changed",
          command("run", f"{DATABASE}/leader", "rotate-password"), goal_ms=1150),
    Event("lookup-key", "lookup-key", LOOK_UP.bring, prepare=LOOK_UP.prepare,
          bounds=Bounds(calls=6, pebble_requests=0), goal_ms=20),
    blocking("block-keys, 1 key", Blocking(1), 80),
    blocking("block-keys, 100 keys", Blocking(100), 1000),
    blocking("block-keys, 10,000 absent", BlockList(10_000, "block-keys"), 2000, MANY),
    Event("unblock-keys, 10,000 absent", "unblock-keys", UNBLOCK.bring, prepare=UNBLOCK.prepare,
          bounds=MANY, goal_ms=2000),
)

# Of the leader.
OF_FIVE_UNITS = (
    Event("update-status, 5 units", "update-status", command("advance", "5m"),
          bounds=Bounds(calls=12, pebble_requests=4, instructions=5_500_000)),
    Event("config-changed, nothing new, 5 units", "config-changed",
          alternately(same_fingerprint(FINGERPRINT.upper()), same_fingerprint(FINGERPRINT)),
          bounds=Bounds(calls=14, pebble_requests=4, instructions=5_500_000)),
)

# Of an hour in which the charm sees the model's clock. Counts alone: a library moves that clock.
FULL_READING = Event("update-status, full reading", "update-status", nothing,
                     bounds=Bounds(calls=38))
AVERAGE = Event("update-status, average of twelve", "update-status", nothing,
                bounds=Bounds(calls=14.5))
