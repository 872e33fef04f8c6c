# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Surroundings that fail: Pebble, hook tools, clock, PostgreSQL and keyserver."""

import contextlib
import os
import pathlib
import random
import signal
import socket
import threading
import time
from dataclasses import dataclass
from typing import Callable

from hooks import answer
from unit import SOCKET

LARGEST_KIB = 64 * 1024
FAKETIME = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


@dataclass(frozen=True)
class Fault:
    name: str
    disturb: Callable  # A context manager: gets the unit, and returns how to run the dispatch.
    must_end_with_0: bool = True
    may_be_active: bool = True

    def disturbance(self, unit):
        return self.disturb(unit)

    def faults(self, unit, ended):
        """What is wrong with the end of the disturbed dispatch."""
        found = []
        if ended.killed or (self.must_end_with_0 and ended.code != 0):
            found.append(f"ended with {ended.code}: {ended.error[-300:]}")
        if ended.kib > LARGEST_KIB:
            found.append(f"used {ended.kib // 1024} MiB of memory")
        state = unit.state()
        is_hook = "action" not in state  # Actions set no status.
        if is_hook and state["status"][0] == "active" and not self.may_be_active:
            found.append("the status is active")
        return found


@contextlib.contextmanager
def listening(listener, talk):
    """Serves each connection in a thread until the end."""
    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve_one, args=(connection,), daemon=True).start()

    def serve_one(connection):
        with connection, contextlib.suppress(OSError):
            talk(connection)

    listener.listen()
    threading.Thread(target=serve, daemon=True).start()
    try:
        yield
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


# How a Pebble that cannot be trusted answers one connection.

def closes(connection):
    connection.recv(65536)


def closes_in_an_answer(connection):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")


def stays_silent(connection):
    while connection.recv(65536):
        pass


def talks_rubbish(connection):
    connection.recv(65536)
    connection.sendall(random.Random(1).randbytes(1 << 20))


def is_a_web_server(connection):
    while connection.recv(65536):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>")


def trickles(connection):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        connection.sendall(b" ")
        time.sleep(1)


def sends_endless_headers(connection):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-Name: value\r\n" * 1000)


def sends_a_gigabyte(connection):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
    for _ in range(1024):
        connection.sendall(b" " * (1 << 20))


def nests_deeply(connection):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 33554432\r\n\r\n")
    for _ in range(32):
        connection.sendall(b"[" * (1 << 20))


def one_answer(server):
    """Reads an answer with a Content-Length."""
    text = b""
    while b"\r\n\r\n" not in text:
        text += server.recv(65536)
    head, _, body = text.partition(b"\r\n\r\n")
    size = int(head.split(b"Content-Length:")[1].split(b"\r\n")[0])
    while len(body) < size:
        body += server.recv(65536)
    return head + b"\r\n\r\n" + body


def falls_silent(after, real):
    def talk(connection):
        with socket.socket(socket.AF_UNIX) as server:
            server.connect(str(real))
            for _ in range(after):
                server.sendall(connection.recv(1 << 20))
                connection.sendall(one_answer(server))
            stays_silent(connection)

    return talk


@contextlib.contextmanager
def moved_socket(unit):
    """Pebble's socket has a different name for a time. Nothing if Pebble is down anyway."""
    real = SOCKET.with_suffix(".real")
    there = SOCKET.exists()
    if there:
        SOCKET.rename(real)
    try:
        yield real
    finally:
        SOCKET.unlink(missing_ok=True)
        if there:
            real.rename(SOCKET)


def pebble(name, talk):
    @contextlib.contextmanager
    def disturb(unit):
        with moved_socket(unit) as real:
            if talk is None:
                yield {}
                return
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(str(SOCKET))
            if talk == "refuses":
                listener.close()
                yield {}
                return
            with listening(listener, falls_silent(talk, real) if isinstance(talk, int) else talk):
                yield {}

    return Fault(f"Pebble {name}", disturb, may_be_active=False)


PEBBLE = (
    pebble("is absent", None), pebble("refuses", "refuses"), pebble("closes", closes),
    pebble("closes in an answer", closes_in_an_answer), pebble("is silent", stays_silent),
    pebble("is silent after 3 answers", 3), pebble("sends rubbish", talks_rubbish),
    pebble("sends HTML", is_a_web_server), pebble("trickles", trickles),
    pebble("sends endless headers", sends_endless_headers),
    pebble("sends 1 GB", sends_a_gigabyte), pebble("nests deeply", nests_deeply))

TOOL_FAULTS = {
    "hangs": "exec sleep 600",
    "fails": "echo 'ERROR connection is shut down' >&2; exit 1",
    "prints 10 MB": "$original \"$@\" >/dev/null; head -c 10000000 /dev/zero | tr '\\0' x",
    "prints HTML": "$original \"$@\" >/dev/null; echo '<html>'",
}


def tool(name, how):
    def disturb(unit):
        return unit.instead_of_tool(name, TOOL_FAULTS[how])

    return Fault(f"{name} {how}", disturb, must_end_with_0=False)


def clock(name, faketime):
    @contextlib.contextmanager
    def disturb(_unit):
        yield {"variables": {"LD_PRELOAD": str(FAKETIME), "FAKETIME": faketime,
                             "FAKETIME_DONT_FAKE_MONOTONIC": "1"}}

    return Fault(f"clock {name}", disturb)


CLOCK = (
    clock("1970", "@1970-01-02 00:00:00"), clock("2038", "@2038-01-19 03:14:07"),
    clock("2106", "@2106-02-07 06:28:15"), clock("jumps by a day each second", "+0 x86400"),
    clock("runs backwards", "+0 x-86400"))


def servers():
    """The processes of PostgreSQL in this sandbox."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/comm"):
        with contextlib.suppress(OSError):
            if path.read_text() == "postgres\n":
                found.append(int(path.parent.name))
    return found


def send(number, processes):
    for process in processes:
        with contextlib.suppress(ProcessLookupError):  # A session that has ended.
            os.kill(process, number)


@contextlib.contextmanager
def frozen_database(_unit):
    frozen = servers()
    send(signal.SIGSTOP, frozen)
    try:
        yield {}
    finally:
        send(signal.SIGCONT, frozen)


@contextlib.contextmanager
def other_database_server(unit, talk):
    """The relation names a different port for a time."""
    original = unit.state()["answer"]
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    unit.change(answer=answer(unit, endpoints=f"127.0.0.1:{port}"))
    try:
        with listening(listener, talk):
            yield {}
    finally:
        unit.change(answer=original)


def slowly(port):
    """Passes everything on with a delay of 0.3 s."""
    def pass_on(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                time.sleep(0.3)
                target.sendall(data)

    def talk(connection):
        with socket.create_connection(("127.0.0.1", port)) as server:
            threading.Thread(target=pass_on, args=(server, connection), daemon=True).start()
            pass_on(connection, server)

    return talk


@contextlib.contextmanager
def frozen_keyserver(unit):
    unit.change(**{"frozen keyserver": True})
    try:
        yield {}
    finally:
        unit.change(**{"frozen keyserver": False})


SERVERS = (
    Fault("PostgreSQL is frozen", frozen_database),
    Fault("PostgreSQL never answers",
          lambda unit: other_database_server(unit, stays_silent)),
    Fault("PostgreSQL is slow",
          lambda unit: other_database_server(unit, slowly(unit.state()["port"]))),
    Fault("the keyserver is frozen", frozen_keyserver))


def points(tools):
    """All faults, with those of the tools that the event uses."""
    of_tools = [tool(name, how) for name in sorted(tools) for how in TOOL_FAULTS]
    return [*PEBBLE, *of_tools, *CLOCK, *SERVERS]
