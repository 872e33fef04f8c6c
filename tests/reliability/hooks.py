# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""The hooks and actions of the sweep: how the model is when each of them begins."""

from dataclasses import dataclass
from typing import Callable

from unit import (ACTION_SECONDS, DATABASE, HOOK_SECONDS, INGRESS, UPDATE_STATUS, Event, action, hook,
                  on_relation)

FINGERPRINT = "0123456789abcdef0123456789abcdef01234567"
SECRET = "9m4e2mr0ui3e8a215n4g"
BLOCK_LIST = "/hockeypuck/data/block-list.csv"


def answer(unit, **changed):
    """The data of PostgreSQL's charm."""
    data = {"endpoints": f"127.0.0.1:{unit.state()['port']}", "database": "keys",
            "username": "relation_id_3", "password": "first-password", "tls": "False"}
    return {"id": DATABASE, "data": {**data, **changed}}


def relate(unit, identity, endpoint, app, units=1, unit_data=None):
    unit.change(relation={"id": identity, "endpoint": endpoint, "app": app, "units": units,
                          "unit data": unit_data or {}})


def new_pod(unit):
    unit.change(pebble="down")


def installed(unit):
    new_pod(unit)
    unit.succeed(hook("install"))


def elected(unit):
    unit.change(leader=False)
    installed(unit)
    unit.change(leader=True)


def led(unit):
    installed(unit)
    unit.succeed(hook("leader-elected"), hook("config-changed"), hook("start"))


def without_database(unit):
    led(unit)
    unit.change(pebble="up")
    unit.succeed(hook("hockeypuck-pebble-ready"))


def being_related(unit):
    without_database(unit)
    relate(unit, DATABASE, "database", "postgresql-k8s")


def answered(unit):
    being_related(unit)
    unit.succeed(on_relation("database", DATABASE, "created"))
    unit.change(answer=answer(unit))


def not_ready(unit):
    """PostgreSQL has answered before Pebble runs."""
    led(unit)
    relate(unit, DATABASE, "database", "postgresql-k8s")
    unit.change(answer=answer(unit))
    unit.succeed(on_relation("database", DATABASE, "changed"))
    unit.change(pebble="up")


def running(unit):
    answered(unit)
    unit.succeed(on_relation("database", DATABASE, "changed"), UPDATE_STATUS, UPDATE_STATUS)
    status = unit.state()["status"]
    if status[0] != "active":
        raise SystemExit(f"the unit does not become active: {status}")


def reconfigured(unit):
    running(unit)
    unit.change(config={"contact-fingerprint": FINGERPRINT, "uploads": "updates"})


def with_new_password(unit):
    running(unit)
    unit.change(sql="ALTER ROLE relation_id_3 PASSWORD 'second-password'",
                answer=answer(unit, password="second-password"))


def with_new_secret(unit):
    answered(unit)
    login = {"username": "relation_id_3", "password": "first-password"}
    unit.change(secret={"id": SECRET, "content": login},
                answer=answer(unit, **{"secret-user": f"secret:{SECRET}", "username": "",
                                       "password": ""}))
    unit.succeed(on_relation("database", DATABASE, "changed"), UPDATE_STATUS)
    unit.change(sql="ALTER ROLE relation_id_3 PASSWORD 'second-password'",
                secret={"id": SECRET, "content": {**login, "password": "second-password"}})


def rescheduled(unit):
    running(unit)
    unit.succeed(hook("stop"))
    unit.change(**{"new container": True})


def losing_database(unit):
    running(unit)
    unit.change(breaking=DATABASE)


def rotated(unit):
    """The next hook revokes the old admin key."""
    running(unit)
    unit.succeed(action("rotate-admin-key"))
    unit.change(action=None)


def being_exposed(unit):
    running(unit)
    relate(unit, INGRESS, "traefik-route", "traefik-k8s")
    unit.change(answer={"id": INGRESS,
                        "data": {"external_host": "keys.example.com", "scheme": "https"}})


def with_block_list(unit):
    running(unit)
    lines = "".join(f"{number:040x}\n" for number in range(1, 21))
    unit.change(file={"path": BLOCK_LIST, "content": lines})


@dataclass(frozen=True)
class Case:
    event: Event
    prepare: Callable
    succeeds: bool = True  # The action, in an undisturbed run.
    later: Event = UPDATE_STATUS  # An event of any time, which completes what is left to do.
    seconds: float = HOOK_SECONDS  # How long a dispatch may take.

    @property
    def name(self):
        return self.event.path.split("/")[1]


CASES = {
    "install": Case(hook("install"), new_pod),
    "leader-elected": Case(hook("leader-elected"), elected),
    "pebble-ready": Case(hook("hockeypuck-pebble-ready"), not_ready),
    "config-changed": Case(hook("config-changed"), reconfigured),
    "database-created": Case(on_relation("database", DATABASE, "created"), being_related),
    "database-answer": Case(on_relation("database", DATABASE, "changed"), answered),
    "database-password": Case(on_relation("database", DATABASE, "changed"), with_new_password),
    "secret-changed": Case(hook("secret-changed", JUJU_SECRET_ID=f"secret:{SECRET}"),
                           with_new_secret),
    "upgrade-charm": Case(hook("upgrade-charm"), rescheduled),
    "database-broken": Case(on_relation("database", DATABASE, "broken"), losing_database),
    "traefik-route": Case(on_relation("traefik-route", INGRESS, "changed"), being_exposed),
    "update-status": Case(UPDATE_STATUS, rotated),
    "stop": Case(hook("stop"), running, later=hook("remove")),
    "rotate-admin-key": Case(action("rotate-admin-key"), running, seconds=ACTION_SECONDS),
    "block-keys": Case(action("block-keys", fingerprints=FINGERPRINT, comment="spam"), running,
                       seconds=ACTION_SECONDS),
    "import-block-list": Case(action("import-block-list", path=BLOCK_LIST), with_block_list,
                              seconds=ACTION_SECONDS),
    "show-status": Case(action("show-status"), running),
    "show-peers": Case(action("show-peers"), running),
    # The keyserver has no such key.
    "lookup-key": Case(action("lookup-key", keyword=f"0x{FINGERPRINT}"), running, succeeds=False),
    "rebuild-prefix-tree": Case(action("rebuild-prefix-tree", wait=60), running,
                                seconds=ACTION_SECONDS),
}
READING = ("show-status", "show-peers", "lookup-key")
CHANGING = tuple(title for title in CASES if title not in READING)
# Those whose surroundings fail.
OUTSIDE = ("config-changed", "database-answer", "update-status", "block-keys", *READING)
