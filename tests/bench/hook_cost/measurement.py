# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Measures one run of an event."""

import re
import time

from model import DATABASE

STATEMENT = re.compile(r"hockeypuck\S* of client (?:LOG|ERROR): +(?:statement|execute)")
# Other units have a charm of the same name.
EXECVE = re.compile(r'^(\d+) +execve\("\S*/unit-hockeypuck-k8s-0/charm/dispatch"')
REQUEST = re.compile(r'"(?:GET|POST|PUT|DELETE) /v1/')
COLLECTED = re.compile(r"Collected : (\d+)")


def brought(model, event, under=()):
    """Runs the event once. Returns the record of its only dispatch, with its place among the
    dispatches that the event brings."""
    number = model.records()[-1]["number"]
    event.bring(model, under)
    new = [record for record in model.records() if record["number"] > number]
    of_event = [record | {"place": place} for place, record in enumerate(new)
                if record["event"] == event.hook]
    if len(of_event) != 1 or of_event[0]["outcome"] != "ok":
        raise SystemExit(f"{event.title}: not one {event.hook} that went well: {of_event}")
    return of_event[0]


def measured(model, event, costs):
    """One run without a tool."""
    event.prepare(model)
    log = model.container(f"{DATABASE}/0", "postgresql")
    begin = log.stat().st_size
    record = brought(model, event)
    time.sleep(0.05)  # Pebble forwards the output of a service with a delay.
    statements = log.read_bytes()[begin:].decode(errors="replace")
    costs.wall_ms.append(record["wall-ms"])
    costs.own_cpu_ms.append(record["own-cpu-ms"])
    costs.rss_mib.append(record["max-rss-kib"] / 1024)
    costs.calls.append(record["tool-calls"])
    costs.statements.append(len(STATEMENT.findall(statements)))


def counts_of(model, event, costs):
    """One run under strace: the requests of the charm's own process to Pebble, real or stand-in."""
    event.prepare(model)
    trace = model.folder / "trace"
    place = brought(model, event, ("strace", "-f", "-qq", "-s", "64", "-o", str(trace),
                           "-e", "trace=execve,connect,sendto,sendmsg,write"))["place"]
    lines = trace.read_text(errors="replace").splitlines()
    charm = [match.group(1) for match in map(EXECVE.match, lines) if match][place]
    own = [line for line in lines if line.startswith(f"{charm} ")]
    costs.pebble_connections.append(
        sum("connect(" in line and "pebble.socket" in line for line in own))
    costs.pebble_requests.append(sum(bool(REQUEST.search(line)) for line in own))


def instructions_of(model, event):
    """One run under callgrind."""
    dispatch = model.dispatch()
    original = dispatch.with_name("dispatch.measured")
    dispatch.rename(original)
    try:
        dispatch.write_text("#!/bin/sh\nexec valgrind --tool=callgrind "
                            f"--callgrind-out-file=/dev/null ./{original.name} 2>&1\n")
        dispatch.chmod(0o755)
        event.prepare(model)
        brought(model, event)
    finally:
        original.rename(dispatch)
    return int(COLLECTED.findall(model.rehearse("debug-log"))[-1])
