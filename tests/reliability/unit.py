# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""One unit of the charm: its real program, and its surroundings."""

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import time
from dataclasses import dataclass, field

# Every event ends within this time. The rest is for strace and a busy machine.
HOOK_SECONDS = 15
# For actions that change something: their own limit, and time to report.
ACTION_SECONDS = 125
PATIENCE_SECONDS = 180
CONTEXT = {
    "JUJU_UNIT_NAME": "hockeypuck-k8s/0",
    "JUJU_MODEL_NAME": "keys",
    "JUJU_MODEL_UUID": "5b1c2a9e-3d4f-4a6b-8c7d-9e0f1a2b3c4d",
    "JUJU_VERSION": "3.6.11",
    "JUJU_CONTEXT_ID": "fake",
}
DATABASE, INGRESS = 3, 7
SOCKET = pathlib.Path("/charm/containers/hockeypuck/pebble.socket")


@dataclass(frozen=True)
class Event:
    """A hook or an action, and its variables."""

    path: str
    variables: dict = field(default_factory=dict)
    parameters: dict | None = None  # Of an action.


def hook(name, **variables):
    return Event(f"hooks/{name}", variables)


def action(name, **parameters):
    return Event(f"actions/{name}", {"JUJU_ACTION_NAME": name}, parameters)


def on_relation(endpoint, identity, what):
    return hook(f"{endpoint}-relation-{what}", JUJU_RELATION=endpoint,
                JUJU_RELATION_ID=f"{endpoint}:{identity}")


UPDATE_STATUS = hook("update-status")


@dataclass(frozen=True)
class Ended:
    """How a dispatch ended: an exit code, or a signal as a negative number."""

    code: int
    seconds: float
    kib: int  # Its largest memory, or that of a program that it started; 0 if not measured.
    cpu: float  # Its seconds of processor time with those of its programs; 0 if not measured.
    error: str

    @property
    def killed(self):
        return self.code < 0 or self.code > 127


class Unit:
    """The surroundings run in this process's own network and file system."""

    def __init__(self, dispatch, programs, folder):
        self._dispatch = os.path.abspath(dispatch)
        self.folder = pathlib.Path(folder)
        self._surroundings = subprocess.Popen(
            [f"{programs}/tests/reliability/surroundings", folder,
             os.path.abspath(f"{programs}/rehearsal/model/rehearsal-hook-tool")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def end(self):
        self._surroundings.stdin.close()
        self._surroundings.wait()

    def ask(self, **request):
        self._surroundings.stdin.write(json.dumps(request) + "\n")
        self._surroundings.stdin.flush()
        answer = self._surroundings.stdout.readline()
        if not answer:
            raise SystemExit(f"the surroundings ended at {str(request)[:200]}")
        return json.loads(answer)

    def change(self, **changes):
        self.ask(change=changes)

    def state(self):
        return self.ask(state=True)

    def run(self, event, under=(), variables=None):
        """Runs an event to its end, perhaps under another program or with more variables."""
        if event.parameters is not None:
            self.change(action=event.parameters)
        environment = {"PATH": f"{self.folder}/bin:/usr/bin:/bin",
                       "JUJU_AGENT_SOCKET_ADDRESS": f"{self.folder}/agent.socket",
                       "JUJU_DISPATCH_PATH": event.path, **CONTEXT, **event.variables,
                       **(variables or {})}
        costs = self.folder / "costs"
        costs.write_text("")
        measuring = ("time", "-q", "-f", "%M %U %S", "-o", costs)
        begin = time.monotonic()
        process = subprocess.Popen([*(under or measuring), self._dispatch], env=environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                   errors="replace", start_new_session=True)
        try:
            _, error = process.communicate(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            _, error = process.communicate()
        kib, user, system = costs.read_text().split()[-3:] or (0, 0, 0)
        return Ended(process.returncode, time.monotonic() - begin, int(kib),
                     float(user) + float(system), error)

    def attempt(self, event, **how):
        """Runs an event as Juju does: it keeps the writes of one that ends with 0, and of any action."""
        ended = self.run(event, **how)
        self.ask(end=ended.code == 0)
        return ended

    def succeed(self, *events):
        """Runs events that nothing disturbs."""
        for event in events:
            ended = self.attempt(event)
            if ended.code != 0:
                raise SystemExit(f"{event.path}, which nothing disturbed, ended with {ended.code}: "
                                 f"{ended.error}")

    def action_failed(self):
        return self.ask(outcome=True)[1]

    @staticmethod
    def left_files():
        """Files with secrets that a dispatch has left behind. They become an hour old."""
        left = list(pathlib.Path("/tmp").glob("*secret.*"))
        for path in left:
            os.utime(path, (path.stat().st_mtime - 3600,) * 2)
        return left

    @contextlib.contextmanager
    def instead_of_tool(self, tool, script):
        """Replaces a hook tool for a time. The script finds the tool in $original."""
        path = self.folder / "bin" / tool
        original = self.folder / "original" / tool
        original.parent.mkdir(exist_ok=True)
        path.rename(original)
        path.write_text(f"#!/bin/sh\noriginal={original}\n{script}\n")
        path.chmod(0o755)
        try:
            yield {}
        finally:
            original.rename(path)


ARMOR = re.compile(r"-----BEGIN PGP [A-Z ]+-----.*?-----END PGP [A-Z ]+-----", re.DOTALL)
DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
SHORT_FORM = re.compile(r"sha256:[0-9a-f]+")
# A clock that was wrong leaves its time. It may be in any year.
TIME = re.compile(r"(?<=compared\\\":)\d+|(?<=-since\\\":)[1-9]\d*|(?<=read_at\\\":)\d+|"
                  r"(?<!\d)1[789]\d{8}(?!\d)|"
                  r"(?<!\d)20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*(Z|[+-]\d\d(:\d\d)?)?")
FINGERPRINT = re.compile(r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])")
SECRET = re.compile(r"secret:[0-9a-z]{20}")


def numbered(text, pattern, name, known=()):
    """Replaces random names by numbers, in the order in which they appear."""
    numbers = {}

    def number(match):
        word = match.group(0)
        if known and word not in known:
            return word
        return numbers.setdefault(word, f"{name} {len(numbers) + 1}")

    return pattern.sub(number, text), numbers


def comparable(state):
    """What two runs have in common that differ in time and in random keys. Returns also the number of
    public keys in the keyserver that are not in use and not revoked: a killed hook may leave them."""
    keys = state.get("keys") or {}
    made = keys.keys() | set(FINGERPRINT.findall(str(state["databags"])))
    own = {name: value for name, value in (state.get("secrets") or {}).items() if value[0]}
    kept = {name: value for name, value in state.items()
            if name not in ("keys", "log", "calls", "requests", "port", "answer", "secrets", "action")}
    kept["secrets"] = sorted(str(value) for value in own.values())
    text = json.dumps(kept, sort_keys=True)
    text = ARMOR.sub("<armor>", text)
    text, names = numbered(text, FINGERPRINT, "key", made)
    text, _ = numbered(text, SECRET, "secret")
    for pattern, name in ((DIGEST, "<digest>"), (SHORT_FORM, "<digest>"), (TIME, "<time>")):
        text = pattern.sub(name, text)
    result = json.loads(text)
    result["keys"] = {names[key]: value for key, value in keys.items() if key in names}
    unnamed = [value for key, value in keys.items() if key not in names]
    result["accepted, but not in use"] = sum(accepted for accepted, _ in unnamed)
    result["revoked"] = sum(revoked for _, revoked in unnamed)
    return result, sum(not revoked for _, revoked in unnamed)


def differences(expected, found, where=""):
    """The places in which two values differ, one line each."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return [line for key in sorted(expected.keys() | found.keys())
                for line in differences(expected.get(key), found.get(key), f"{where}/{key}")]
    if expected == found:
        return []
    return [f"{where}: {str(expected)[:300]!r} became {str(found)[:300]!r}"]
