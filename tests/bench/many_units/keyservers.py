# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Three units of a keyserver behind a proxy, with a peer, in a rehearsed model."""

import json
import os
import time

from load import has_key
from model import APP, DATABASE, Model

PEER = "peer"
PROXY = "traefik-k8s"
EDGE = os.environ.get("EDGE") or "traefik-route"  # Or "ingress".
INTERVAL = 5  # Seconds between two reconciliations.


def pod_name(unit):
    app, _, number = unit.partition("/")
    return f"{app}-{number}.{app}-endpoints.bench.svc.cluster.local"


class Keyservers(Model):
    """`rehearse` runs hooks in each of these methods, until nothing is left to do."""

    def deploy(self, charm):
        for app, database in ((APP, DATABASE), (PEER, f"{PEER}-database")):
            self.rehearse("deploy", DATABASE, database)
            self.rehearse("deploy", charm, app, "--config", f"recon-interval={INTERVAL}",
                          "--config", "upload-rate-limit=0", "--config", "lookup-rate-limit=0")
            self.rehearse("integrate", app, database)
        self.rehearse("deploy", PROXY)
        self.rehearse("integrate", f"{APP}:{EDGE}", PROXY)
        self.rehearse("scale", DATABASE, "2")
        self.rehearse("scale", APP, "3")
        self.rehearse("config", APP, f"external-peers={pod_name(PEER + '/0')},11371,11370")
        self.rehearse("config", PEER, f"external-peers={pod_name(PROXY + '/0')},11371,11370")
        self._forwards = {}
        self._primary = 0
        self._limit = 100
        self.settle()

    def settle(self):
        self.rehearse("wait", "--for", "active", "--timeout", "180s")

    def address(self, unit, port=11371):
        """A port of this machine for a unit. It follows the unit to a new pod."""
        if unit not in self._forwards:
            self._forwards[unit] = self.rehearse(
                "port-forward", "--detach", unit, f"0:{port}").strip()
        return f"127.0.0.1:{self._forwards[unit]}"

    def proxy(self):
        if EDGE == "ingress":
            return f"{self.address(f'{PROXY}/0', 80)}/bench-{APP}"
        return self.address(f"{PROXY}/0")

    def units(self):
        status = json.loads(self.rehearse("status", "--format", "json"))
        return status["applications"][APP]["units"]

    def leader(self):
        return next(name for name, unit in self.units().items() if unit.get("leader"))

    # Disturbances

    def leave_alone(self, _):
        time.sleep(20)

    def lose_leader(self, _):
        self.rehearse("delete-pod", self.leader(), "--no-stop")

    def move_a_pod(self, _):
        self.rehearse("delete-pod", f"{APP}/1")

    def move_leadership(self, _):
        units = list(self.units())
        self.rehearse("leadership", units[(units.index(self.leader()) + 1) % len(units)])

    def rotate_password(self, _):
        self.rehearse("run", f"{DATABASE}/leader", "rotate-password")

    def change_an_option(self, _):
        self._limit += 1
        self.rehearse("config", APP, f"query-limit={self._limit}")

    def refresh(self, _):
        self.rehearse("refresh", APP, "--path", self.charm)

    def fail_over(self, _):
        self._primary = 1 - self._primary
        self.rehearse("run", f"{DATABASE}/{self._primary}", "failover")

    def stop_database(self, _):
        unit = f"{DATABASE}/{self._primary}"
        self.rehearse("run", unit, "stop-database")
        time.sleep(20)
        self.rehearse("run", unit, "start-database")

    def block_keys(self, load):
        chosen = load.choose_to_block(5)
        self.rehearse("run", f"{APP}/leader", "block-keys", "--string-args",
                      f"fingerprints={' '.join(chosen)}", "comment=many units")

    def import_block_list(self, load):
        """A million keys, five of which are stored."""
        leader = self.leader()
        path = "/hockeypuck/data/many-keys"
        stored = " ".join(load.choose_to_block(5))
        self.rehearse("exec", leader, "--container", "hockeypuck", "--", "sh", "-c",
                      f"(printf '%s\\n' {stored}; seq -f %040.0f 999995) > {path}")
        self.rehearse("run", leader, "import-block-list", f"path={path}")

    def scale_down_and_up(self, _):
        for count in ("1", "3"):
            self.rehearse("scale", APP, count)
            self.settle()

    def pause(self, _):
        for count in ("0", "3"):
            self.rehearse("scale", APP, count)
            self.settle()

    def scale_up_and_down(self, _):
        for count in ("5", "3"):
            self.rehearse("scale", APP, count)
            self.settle()

    def repair(self):
        follower = next(unit for unit in self.units() if unit != self.leader())
        self.rehearse("run", follower, "rebuild-prefix-tree")

    # What is there afterwards

    def statistics(self, unit):
        """Hockeypuck's own statistics, with names in lower case."""
        text = self.rehearse("exec", unit, "--container", "hockeypuck", "--", "curl", "--silent",
                             "--max-time", "10", "http://localhost:11371/pks/stats?options=json")
        return json.loads(text, object_pairs_hook=lambda pairs: {
            name.lower(): value for name, value in pairs})

    def digests(self, unit):
        """The number of keys in the prefix tree of a unit."""
        return self.statistics(unit).get("total", 0)

    def has_reconciled_outside(self, unit):
        """Whether the keyserver of the unit has reconciled with the peer since its start. The peer
        comes through the proxy."""
        try:
            partners = self.statistics(unit).get("peers") or []
        except (SystemExit, ValueError):
            return False  # It restarts.
        times = [partner[name] for partner in partners if partner["name"] in ("peer1", "proxy1")
                 for name in ("lastincomingrecon", "lastoutgoingrecon")]
        return any(not time.startswith("0001") for time in times)

    def stored_keys(self):
        shown = self.rehearse("run", "--format", "json", f"{DATABASE}/{self._primary}", "sql",
                              f"database={APP}", "query=SELECT count(*) FROM keys")
        results = next(iter(json.loads(shown).values()))["results"]
        return int("".join(c for c in str(results.get("output", results)) if c.isdigit()))

    def missing(self, fingerprints):
        """The keys that a unit does not have."""
        return {each for each in fingerprints
                if not all(has_key(self.address(unit), each) for unit in self.units())}

    def present(self, fingerprints):
        """The keys that a unit has."""
        return {each for each in fingerprints
                if any(has_key(self.address(unit), each) for unit in self.units())}

    def wait_for_trees(self, limit, pause=1):
        """Waits until every tree has all stored keys. Returns the seconds, or nothing."""
        begin = time.monotonic()
        while time.monotonic() < begin + limit:
            keys = self.stored_keys()
            if all(self.digests(unit) == keys for unit in self.units()):
                return time.monotonic() - begin
            time.sleep(pause)
        return None

    def at_the_peer(self, fingerprints, limit):
        """How many keys the peer has, as soon as it has all of them, or at the end."""
        address = self.address(f"{PEER}/0")
        begin = time.monotonic()
        missing = set(fingerprints)
        while missing and time.monotonic() < begin + limit:
            missing = {each for each in missing if not has_key(address, each)}
            time.sleep(0.5)
        return len(fingerprints) - len(missing)
