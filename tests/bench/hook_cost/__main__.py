#!/usr/bin/env python3
# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Measures hooks and actions in a rehearsed model; rehearsal/bench calls it. See
docs/reference/performance.md."""

import os
import shutil
import sys

from costs import Costs
from events import AVERAGE, EVENTS, FULL_READING, OF_FIVE_UNITS
from measurement import counts_of, instructions_of, measured
from model import Model
from report import broken_bounds, table

BUILD = os.environ.get("BUILD", "build/release")
OURS = f"{BUILD}/charm"
CHARM = os.environ.get("CHARM") or OURS
IS_OURS = CHARM == OURS
RUNS = int(os.environ.get("RUNS", "15"))
# The first runs have news: they write, and then read their writes back.
WARM_UP_RUNS = 2
# Values that do not depend on the machine need few runs, which must agree.
COUNTED_RUNS = 3


def program(name):
    return shutil.which(name) or "the rehearsal's stand-in"


def costs_of(model, event):
    """Returns the cost of one event, or nothing if another charm does not support the event."""
    print(f"  {event.title}", file=sys.stderr, flush=True)
    try:
        return runs_of(model, event)
    except SystemExit as fault:
        if IS_OURS:
            raise
        print(f"    {fault}", file=sys.stderr, flush=True)
        return Costs()


def runs_of(model, event):
    costs = Costs()
    for _ in range(WARM_UP_RUNS):
        measured(model, event, Costs())
    for _ in range(RUNS):
        measured(model, event, costs)
    for _ in range(COUNTED_RUNS):
        counts_of(model, event, costs)
    if event.bounds.instructions and IS_OURS:
        costs.instructions = instructions_of(model, event)
    return costs


def hour_of(model):
    """The calls of one hour's full reading, and the average of all twelve."""
    print("  an hour of update-status", file=sys.stderr, flush=True)
    model.deploy_all(CHARM)
    calls = model.hour()
    if len(calls) != 12:
        raise SystemExit(f"an hour had not twelve update-status: {calls}")
    return [(FULL_READING, Costs(calls=[max(calls)])),
            (AVERAGE, Costs(calls=[sum(calls) / len(calls)]))]


def main():
    print(f"{CHARM}, {RUNS} runs each; Pebble: {program('pebble')}, "
          f"Hockeypuck: {program('hockeypuck')}", flush=True)
    with Model(f"{BUILD}/rehearsal/model/rehearse", IS_OURS) as model:
        model.deploy_all(CHARM)
        results = [(event, costs_of(model, event)) for event in EVENTS]
    with Model(f"{BUILD}/rehearsal/model/rehearse", IS_OURS, clock="model") as model:
        results[1:1] = hour_of(model)
    with Model(f"{BUILD}/rehearsal/model/rehearse", IS_OURS) as model:
        model.deploy_all(CHARM, units=5)
        results += [(event, costs_of(model, event)) for event in OF_FIVE_UNITS]
    print(table(results))
    if not IS_OURS:
        return 0
    broken = broken_bounds(results)
    for line in broken:
        print(line, file=sys.stderr)
    return 1 if broken else 0


sys.exit(main())
