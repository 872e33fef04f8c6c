# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""The real program, and the charm's code in the process of the unit tests, do the same."""

import json
import random
import re

from hooks import FINGERPRINT, answer, relate, running
from life import result
from unit import ARMOR, DATABASE, DIGEST, INGRESS, SECRET, SHORT_FORM, TIME, UPDATE_STATUS
from unit import FINGERPRINT as ANY_FINGERPRINT
from unit import action, comparable, differences, hook, numbered, on_relation

SEEDS = 20
EVENTS = 12
# Each process makes names of files and of parts of a request.
NO_CONNECTION = re.compile(r"(?<=no workload: ).*")  # The libraries have different words for it.
RANDOM_NAME = re.compile(r"(?<=secret\.)\w{6}|(?<=boundary=)\S+|--[0-9a-f-]{16,}(?=\r|-|\s)")


def new_password(unit, chance):
    password = f"password-{chance.random()}"
    unit.change(sql=f"ALTER ROLE relation_id_3 PASSWORD '{password}'",
                answer=answer(unit, password=password))
    return [on_relation("database", DATABASE, "changed")]


def new_option(unit, chance):
    unit.change(config=chance.choice((
        {"contact-fingerprint": FINGERPRINT}, {"log-level": "debug"}, {"log-level": "loud"},
        {"log-level": "info"}, {"uploads": "updates"}, {"uploads": "all"},
        {"external-peers": "keys.example.com,11371,11370"}, {"external-peers": ""})))
    return [hook("config-changed")]


def new_pod(unit, _):
    unit.change(**{"new container": True})
    return [hook("upgrade-charm"), hook("hockeypuck-pebble-ready")]


def leadership(unit, chance):
    leads = chance.random() < 0.5
    unit.change(leader=leads)
    return [hook("leader-elected")] if leads else [UPDATE_STATUS]


def no_pebble(unit, chance):
    unit.change(pebble=chance.choice(("up", "down")))
    return [UPDATE_STATUS]


def route(unit, _):
    relate(unit, INGRESS, "traefik-route", "traefik-k8s")
    return [on_relation("traefik-route", INGRESS, "changed")]


def rotation(unit, _):
    unit.change(leader=True, pebble="up")
    return [UPDATE_STATUS, action("rotate-admin-key"), UPDATE_STATUS]


CHANGES = (new_password, new_option, new_option, new_pod, leadership, no_pebble, route, rotation,
           lambda unit, chance: [UPDATE_STATUS])


def without_chance(journal):
    """The journal without times and random names."""
    text = ARMOR.sub("<armor>", "\n".join(journal))
    for pattern, name in ((DIGEST, "<digest>"), (SHORT_FORM, "<digest>"), (ANY_FINGERPRINT, "<key>"),
                          (RANDOM_NAME, "<random>"), (NO_CONNECTION, "<reason>"), (TIME, "<time>")):
        text = pattern.sub(name, text)
    text, _ = numbered(text, SECRET, "secret")
    return text.split("\n")


def life(unit, seed, run):
    """A random life. Returns the journal and the end of each event, and then the whole state."""
    chance = random.Random(seed)
    unit.change(sql="ALTER ROLE relation_id_3 PASSWORD 'first-password'")
    unit.ask(journal=True)
    found = []
    for _ in range(EVENTS):
        for event in chance.choice(CHANGES)(unit, chance):
            found.append((event.path, run(event), without_chance(unit.ask(journal=True))))
    # In the process of the unit tests, no statement reaches PostgreSQL. The order of keys is random.
    state = {**unit.state(), "database": "", "keys": {}}
    return found, comparable(json.loads(ANY_FINGERPRINT.sub("<key>", json.dumps(state))))[0]


def effects_of(event):
    _, succeeded, journal = event
    return {"end": succeeded, **{f"effect {number}": line
                                 for number, line in enumerate(journal, start=1)}}


def of_program(unit):
    return lambda event: (unit.attempt(event).code == 0 and
                          (event.parameters is None or not unit.action_failed()))


def in_process(unit):
    return lambda event: unit.ask(dispatch={"path": event.path, "variables": event.variables}) is None


def differential(unit):
    """Returns one result for each seed."""
    # The charm finds a running unit, whose surroundings can be brought back.
    running(unit)
    unit.ask(save=True)
    results = []
    for seed in range(SEEDS):
        lives = []
        for way in (of_program, in_process):
            lives.append(life(unit, seed, way(unit)))
            unit.ask(restore=True)
        (program, its_end), (process, end) = lives
        wrong = [f"event {number + 1}, {one[0]}: {line}"
                 for number, (one, other) in enumerate(zip(program, process))
                 for line in differences(effects_of(one), effects_of(other))]
        effects = sum(len(journal) for _, _, journal in program)
        results.append(result(f"seed {seed}, {len(program)} events, {effects} effects",
                              wrong + differences(its_end, end)))
    return results
