# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""How fast several units are, in the model of keyservers.py."""

import re
import statistics
import time

from keyservers import APP, INTERVAL, PEER, PROXY, pod_name
from load import upload

RUNS = 5
LIMIT = 120  # Seconds for each wait.
LOOKUPS = 3000
CLIENTS = 8


def seconds(numbers):
    return " / ".join(f"{n:.1f}" for n in (min(numbers), statistics.median(numbers), max(numbers)))


class Figures:
    def __init__(self, keyservers, keys):
        self._keyservers = keyservers
        self._keys = keys

    def _upload(self, unit):
        """Uploads one more key, as soon as the unit accepts it."""
        fingerprint, armor = self._keys.pop()
        while upload(self._keyservers.address(unit), armor) != 200:
            time.sleep(0.1)
        return fingerprint

    def tree_seconds(self, unit):
        """From an upload on the unit until every tree has the key."""
        self._upload(unit)
        taken = self._keyservers.wait_for_trees(LIMIT, pause=0.2)
        if taken is None:
            raise SystemExit(f"a key of {unit} is not in every tree after {LIMIT} s")
        return taken

    def takeover_seconds(self):
        """From the loss of the leader's pod until the next leader reconciles with the peer."""
        keyservers = self._keyservers
        old = keyservers.leader()
        units = list(keyservers.units())
        new = units[(units.index(old) + 1) % len(units)]
        begin = time.monotonic()
        keyservers.rehearse("delete-pod", old, "--no-stop")
        keyservers.rehearse("leadership", new)
        while not keyservers.has_reconciled_outside(new):
            if time.monotonic() > begin + LIMIT:
                raise SystemExit(f"{new} does not reconcile with the peer")
            time.sleep(0.2)
        end = time.monotonic()
        keyservers.settle()
        return end - begin

    def lookups_per_second(self, address, fingerprint):
        """Of clients in the pod of the peer."""
        shown = self._keyservers.rehearse(
            "exec", f"{PEER}/0", "--container", "hockeypuck", "--", "ab", "-q", "-k", "-n",
            str(LOOKUPS), "-c", str(CLIENTS),
            f"http://{address}/pks/lookup?op=get&search=0x{fingerprint}")
        failed = re.search(r"Non-2xx responses: +(\d+)", shown)
        if failed:
            raise SystemExit(f"{failed.group(1)} lookups failed")
        return float(re.search(r"Requests per second: +([\d.]+)", shown).group(1))

    def show_times(self):
        trees = [self.tree_seconds(unit) for _ in range(RUNS) for unit in self._keyservers.units()]
        print(f"From an upload on any unit until every tree has the key: {seconds(trees)} s "
              f"(median ≤ {3 * INTERVAL})", flush=True)
        takeovers = [self.takeover_seconds() for _ in range(RUNS)]
        print("From the loss of the leader's pod until the next leader reconciles with the peer: "
              f"{seconds(takeovers)} s", flush=True)
        return statistics.median(trees) <= 3 * INTERVAL

    def show_lookups(self):
        """The keyserver alone and the route take turns, because the machine's speed changes."""
        fingerprint = self._upload(f"{APP}/0")
        for count in (1, 3, 5):
            self._keyservers.rehearse("scale", APP, str(count))
            self._keyservers.settle()
            ratios = []
            for _ in range(RUNS):
                alone = self.lookups_per_second(f"{pod_name(f'{APP}/0')}:11371", fingerprint)
                route = self.lookups_per_second(f"{pod_name(f'{PROXY}/0')}:11371", fingerprint)
                ratios.append(route / alone)
            print(f"Lookups through the route to {count} units, compared with one keyserver alone: "
                  f"{statistics.median(ratios):.2f} ({route:.0f} and {alone:.0f} in a second)",
                  flush=True)
