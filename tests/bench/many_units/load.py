# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Clients of a keyserver: they look keys up and upload keys until they are stopped."""

import http.client
import random
import threading
import time
import urllib.parse
from dataclasses import dataclass, field

TIMEOUT = 10


def ask(address, method, path, body=None):
    """The status of one request; 0 without an answer. The address may have a path."""
    authority, slash, folder = address.partition("/")
    host, _, port = authority.partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=TIMEOUT)
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, slash + folder + path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def has_key(address, fingerprint):
    return ask(address, "GET", f"/pks/lookup?op=get&search=0x{fingerprint}") == 200


def upload(address, armor):
    body = urllib.parse.urlencode({"keytext": armor})
    return ask(address, "POST", "/pks/add", body)


@dataclass
class Lookups:
    total: int = 0
    failed: int = 0
    longest_gap: float = 0  # Seconds between two lookups that succeeded.
    statuses: dict = field(default_factory=dict)


class Load:
    """Uploads each key once, and looks up keys that were acknowledged."""

    def __init__(self, address, keys, lookups_per_second, uploads_per_second, seed):
        self.acknowledged = []
        self.blocked = []  # Keys that were acknowledged before.
        self.refused = 0
        self.lookups = Lookups()
        self._address = address
        self._keys = keys
        self._random = random.Random(seed)
        self._end = threading.Event()
        self._lock = threading.Lock()
        self._succeeded = time.monotonic()
        # Each client waits for its answers, so a hanging request must not stop the others.
        self._threads = [
            threading.Thread(target=self._repeat, args=(task, clients / rate))
            for task, rate, clients in (
                (self._look_up, lookups_per_second, 5),
                (self._upload, uploads_per_second, 3),
            )
            for _ in range(clients)
        ]

    def __enter__(self):
        self._succeeded = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        for thread in self._threads:
            thread.join()

    def choose_to_block(self, count):
        """Takes so many acknowledged keys, which are not looked up any more."""
        with self._lock:
            self._random.shuffle(self.acknowledged)
            chosen, self.acknowledged = self.acknowledged[:count], self.acknowledged[count:]
            self.blocked += chosen
        return chosen

    def _repeat(self, task, interval):
        due = time.monotonic() + self._random.uniform(0, interval)
        while not self._end.wait(max(0, due - time.monotonic())):
            task()
            due = max(due + interval, time.monotonic())

    def _look_up(self):
        with self._lock:
            if not self.acknowledged:
                return
            fingerprint = self._random.choice(self.acknowledged)
        status = ask(self._address, "GET", f"/pks/lookup?op=get&search=0x{fingerprint}")
        now = time.monotonic()
        with self._lock:
            if fingerprint in self.blocked:
                return
            self.lookups.total += 1
            self.lookups.statuses[status] = self.lookups.statuses.get(status, 0) + 1
            if status == 200:
                self.lookups.longest_gap = max(
                    self.lookups.longest_gap, now - self._succeeded
                )
                self._succeeded = now
            else:
                self.lookups.failed += 1

    def _upload(self):
        with self._lock:
            if not self._keys:
                return
            fingerprint, armor = self._keys.pop()
        status = upload(self._address, armor)
        with self._lock:
            if status == 200:
                self.acknowledged.append(fingerprint)
            else:
                self.refused += 1
