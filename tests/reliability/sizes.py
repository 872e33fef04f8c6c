# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""How the time and the memory of a hook grow with the size of its surroundings."""

import json
import statistics

from hooks import BLOCK_LIST, relate, running
from life import result
from unit import INGRESS, action, hook

# The greatest sizes. Each is tried at an eighth, a quarter, a half and the whole.
RELATED_UNITS = 1000
PEERS = 1000
MEBIBYTES = 16
OWN_UNITS = 100
BLOCKED_KEYS = 1_000_000
PARTS = (8, 4, 2, 1)
RUNS = 3
# Eight times the size may cost eight times as much. The rest is for a busy machine.
MOST = 8 * 1.25

EVERYTHING = hook("upgrade-charm")  # Reads everything.
LOKI = 15


def of_loki(unit, count):
    relate(unit, LOKI, "logging", "loki-k8s", units=count,
           unit_data={"endpoint": json.dumps({"url": "http://192.0.2.1:3100/loki/api/v1/push"})})
    return EVERYTHING


def of_peers(unit, count):
    peers = "\n".join(f"keys{number}.example.com,11371,11370" for number in range(count))
    unit.change(config={"external-peers": peers})
    return EVERYTHING


def of_databag(unit, mebibytes):
    relate(unit, INGRESS, "ingress", "traefik-k8s")
    unit.change(answer={"id": INGRESS, "data": {"ingress": "[" * (mebibytes << 20)}})
    return EVERYTHING


def of_own_units(unit, count):
    unit.change(**{"own units": count})
    return EVERYTHING


def of_block_list(unit, count):
    lines = "".join(f"{number:040x}\n" for number in range(1, count + 1))
    unit.change(file={"path": BLOCK_LIST, "content": lines})
    return action("import-block-list", path=BLOCK_LIST)


def of_blocked_keys(_, count):
    """After their import."""
    return action("block-keys", fingerprints=f"{BLOCKED_KEYS + count:040x}")


SIZES = {
    "{} units of Loki": (of_loki, RELATED_UNITS, RUNS),
    "{} external peers": (of_peers, PEERS, RUNS),
    "a databag of {} MiB": (of_databag, MEBIBYTES, RUNS),
    "{} units of the charm": (of_own_units, OWN_UNITS, RUNS),
    "import of {} blocked keys": (of_block_list, BLOCKED_KEYS, 1),
    "one more than {} blocked keys": (of_blocked_keys, BLOCKED_KEYS, RUNS),
}


def cost(unit, event, count):
    """The seconds, the processor's seconds and the MiB of an event, as medians of some runs."""
    runs = []
    for _ in range(count):
        runs.append(unit.attempt(event))
        failure = unit.action_failed() if event.parameters is not None else ""
        if runs[-1].code != 0 or failure:
            raise SystemExit(f"{event.path} ended with {runs[-1].code}: {failure}{runs[-1].error}")
    return (statistics.median(run.seconds for run in runs),
            statistics.median(run.cpu for run in runs),
            statistics.median(run.kib for run in runs) / 1024)


def sizes(unit):
    """Yields one result for each size. The greatest must not cost more than its share."""
    running(unit)
    unit.ask(save=True)
    for name, (bring, greatest, runs) in SIZES.items():
        if bring is not of_blocked_keys:
            unit.ask(restore=True)
        costs = []
        for part in PARTS:
            count = greatest // part
            costs.append(cost(unit, bring(unit, count), runs))
            seconds, cpu, mebibytes = costs[-1]
            # The wall time belongs to the machine and to the fakes.
            wrong = [f"{last / first:.1f} times the {what} of an eighth"
                     for what, first, last in zip(("processor's time", "memory"), costs[0][1:],
                                                  costs[-1][1:]) if last > MOST * first]
            yield result(f"{name.format(f'{count:,}')}: {seconds:.2f} s, {cpu:.2f} s of the processor, "
                         f"{mebibytes:.1f} MiB", wrong, seconds)
