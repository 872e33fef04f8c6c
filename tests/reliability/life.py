# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""The life of one unit: where its secrets appear, and what grows."""

import contextlib
import json
import pathlib
import statistics
import subprocess
import tempfile
import threading
import time

from hooks import BLOCK_LIST, FINGERPRINT, answer, running, with_new_password
from unit import DATABASE, UPDATE_STATUS, action, hook, on_relation

HOOKS = 200
# An armored key has lines of 64 letters. Shorter ones, such as the checksum, are in public keys as well.
SHORTEST_CANARY = 40
BROUGHT_SECRET = "secret:8k3d1lq9th2d7a104m3f"


def secret_key():
    """A new OpenPGP secret key, as an operator exports it."""
    with tempfile.TemporaryDirectory() as home:
        gpg = ["gpg", "--homedir", home, "--batch", "--quiet", "--passphrase", ""]
        subprocess.run([*gpg, "--quick-gen-key", "Operator", "ed25519", "sign", "never"],
                       check=True, capture_output=True)
        return subprocess.run([*gpg, "--armor", "--export-secret-keys"], check=True,
                              capture_output=True, text=True).stdout


class Sampler:
    """Reads the arguments and environments of all processes of the sandbox, again and again."""

    def __init__(self):
        self.texts = set()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()

    def _sample(self):
        while not self._ended.is_set():
            for name in ("cmdline", "environ"):
                for path in pathlib.Path("/proc").glob(f"[0-9]*/{name}"):
                    with contextlib.suppress(OSError):
                        self.texts.add(path.read_bytes().decode(errors="replace"))
            time.sleep(0.001)


def lines_of(armor):
    return [line for line in armor.splitlines() if len(line) >= SHORTEST_CANARY]


def own_keys(state):
    """The content of the application's own secrets."""
    return [line for own, _, revisions in (state["secrets"] or {}).values() if own
            for content in revisions for value in content.values() for line in lines_of(value)]


def secrets(unit):
    """Runs a life with a canary in each secret. Returns one result for each place."""
    brought = secret_key()
    errors = []
    with Sampler() as sampler:
        with_new_password(unit)
        canaries = {"first-password", "second-password", *lines_of(brought)}

        def run(*events):
            for event in events:
                ended = unit.attempt(event)
                errors.append(ended.error)
                if ended.code != 0:
                    raise SystemExit(f"{event.path} ended with {ended.code}: {ended.error}")
            canaries.update(own_keys(unit.state()))

        canaries.update(own_keys(unit.state()))
        run(on_relation("database", DATABASE, "changed"), action("rotate-admin-key"),
            UPDATE_STATUS, action("get-admin-key"), action("show-status"),
            action("block-keys", fingerprints=FINGERPRINT), action("export-block-list", path=BLOCK_LIST))
        actions = [unit.state()["action"]]
        unit.change(action=None, secret={"id": BROUGHT_SECRET.split(":")[1],
                                         "content": {"private-key": brought}},
                    config={"admin-key-secret": BROUGHT_SECRET})
        run(hook("config-changed"), UPDATE_STATUS)
        # Errors tend to quote what they could not use.
        unit.change(answer=answer(unit, password="canary-of-a-wrong-password"))
        canaries.add("canary-of-a-wrong-password")
        run(on_relation("database", DATABASE, "changed"), UPDATE_STATUS)
        files = unit.state()["files"]
        run(hook("stop"))
    state = unit.state()
    places = {
        "arguments and environments": "\n".join(sampler.texts),
        "log": json.dumps(state["log"]),
        "standard error": "\n".join(errors),
        "status": json.dumps([state["status"], state["app status"]]),
        "results of actions": json.dumps(actions),
        "databags": json.dumps(state["databags"]),
        "stored state": json.dumps(state["stored"]),
        "Pebble's plan": json.dumps(state["plan"]),
        "database": state["database"],
        "files that others may read": json.dumps(
            {path: file for path, file in files.items() if file[1] & 0o007}),
        "files left in /tmp": "".join(path.read_text(errors="replace")
                                      for path in pathlib.Path("/tmp").glob("*secret*")),
        "core files": "\n".join(str(path) for path in pathlib.Path.cwd().glob("core*")),
    }
    seen = places["arguments and environments"]
    if "second-password" not in json.dumps(files) or "-get\0" not in seen:
        raise SystemExit("the search does not see files or processes, so it is worth nothing")
    if len(canaries) < 4 * len(lines_of(brought)):
        raise SystemExit("not every admin key was seen")
    return [result(f"{place}, {len(canaries)} canaries",
                   [f"has the canary {canary[:12]}…" for canary in canaries if canary in text])
            for place, text in places.items()]


def result(point, wrong, seconds=0):
    return {"point": point, "seconds": seconds, "wrong": wrong, "hooks": 0, "unused": 0, "left": 0}


def growth(unit):
    """Runs many hooks without news. Returns one result for each thing that must not grow."""
    running(unit)
    seen = []
    for _ in range(HOOKS):
        before = unit.state()
        ended = unit.attempt(UPDATE_STATUS)
        after = unit.state()
        seen.append({"memory": ended.kib, "exit code": ended.code,
                     "stored state": len(json.dumps(after["stored"])),
                     "databags": len(json.dumps(after["databags"])),
                     "files": len(json.dumps(after["files"])),
                     "database": len(after["database"]),
                     "lines of the log": len(after["log"]) - len(before["log"]),
                     "requests": len(after["requests"]) - len(before["requests"])})
    found = []
    for name in seen[0]:
        first, last = (statistics.median(one[name] for one in part)
                       for part in (seen[:20], seen[-20:]))
        # Two runs of one program differ by some pages.
        grows = last > first * (1.02 if name == "memory" else 1)
        found.append(result(f"{name}: {first:g}, {last:g} at the end",
                            [f"grows from {first} to {last}"] if grows else []))
    return found
