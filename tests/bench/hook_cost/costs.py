# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""The cost of one event."""

from dataclasses import dataclass, field


@dataclass
class Costs:
    """One number for each run, in any order."""

    wall_ms: list = field(default_factory=list)
    own_cpu_ms: list = field(default_factory=list)  # Of the charm without the tools that it starts.
    rss_mib: list = field(default_factory=list)  # Of the largest process.
    calls: list = field(default_factory=list)  # Of hook tools.
    statements: list = field(default_factory=list)  # Of the charm and its keyserver.
    pebble_requests: list = field(default_factory=list)
    pebble_connections: list = field(default_factory=list)
    instructions: int | None = None  # In user space, of the charm alone.


@dataclass(frozen=True)
class Bounds:
    """The highest cost that an event may have. Times depend on the machine and are never bounds; they have
    goals, which are shown."""

    calls: int | None = None
    pebble_requests: int | None = None
    pebble_connections: int = 1
    rss_mib: float = 10
    instructions: int | None = None
