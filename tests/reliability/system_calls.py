# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Kills a dispatch at a system call, or lets one system call fail; strace does both."""

import contextlib
import re
import signal
from dataclasses import dataclass

CALL = re.compile(r"^(\w+)\((.*)$")
# The first call of main() in a dispatch. The calls before it are those of the dynamic linker.
FIRST_OWN_CALL = "prlimit64"
CHANGES = {"write", "pwrite64", "writev", "pwritev", "send", "sendto", "sendmsg", "connect", "clone",
           "clone3", "vfork", "fork", "execve", "rename", "renameat", "renameat2", "unlink",
           "unlinkat", "mkdir", "mkdirat", "ftruncate", "kill", "shutdown"}
# Linux never answers these calls with such an error, so the C library ends a program that gets one.
WITHOUT_ERROR = {"brk", "exit_group", "futex", "getegid", "geteuid", "getgid", "getpid", "getppid",
                 "gettid", "getuid", "rt_sigreturn", "umask"}
ERRORS = ("ENOSPC", "EIO", "EMFILE", "EACCES", "ENOMEM")


@dataclass(frozen=True)
class Point:
    """The n-th call of one name."""

    call: str
    number: int
    error: str | None = None  # A kill, if empty.

    @property
    def name(self):
        return f"{self.error or 'SIGKILL'} at {self.call} {self.number}"

    @contextlib.contextmanager
    def disturbance(self, _unit):
        """How to run a program with this fault."""
        fault = f"error={self.error}" if self.error else "signal=KILL"
        yield {"under": ("strace", "-qq", "-o", "/dev/null", "-e", f"trace={self.call}",
                         "-e", f"inject={self.call}:{fault}:when={self.number}")}

    def faults(self, _unit, ended):
        """What is wrong with such an end."""
        if ended.killed and (self.error or ended.code != -signal.SIGKILL):
            return [f"ended with {ended.code}: {ended.error}"]
        return []


def tracing(file):
    return ("strace", "-qq", "-s", "16", "-o", file)


def calls_in(trace):
    """The calls of the charm's own process, in their order: name, number, arguments."""
    numbers, found, own = {}, [], False
    for line in trace.splitlines():
        match = CALL.match(line)
        if not match:
            continue
        name, arguments = match.groups()
        numbers[name] = numbers.get(name, 0) + 1
        own = own or name == FIRST_OWN_CALL
        if own:
            found.append((name, numbers[name], arguments))
    return found


def kill_points(trace):
    """One point before each call that changes something outside the process."""
    return [Point(name, number) for name, number, arguments in calls_in(trace)
            if name in CHANGES or (name in ("open", "openat") and "O_CREAT" in arguments)]


def error_points(trace):
    """Each call fails in each way."""
    return [Point(name, number, error) for name, number, _ in calls_in(trace)
            if name not in WITHOUT_ERROR for error in ERRORS]
