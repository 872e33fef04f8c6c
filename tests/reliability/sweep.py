#!/usr/bin/env python3
# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Disturbs hooks and actions of the real charm, and checks that they recover.

kill      SIGKILL at each system call that changes something. Juju runs the hook again.
errors    One system call fails: ENOSPC, EIO, EMFILE, EACCES and ENOMEM at each call.
outside   Pebble, hook tools, clock, PostgreSQL or the keyserver are absent, frozen, or answer wrongly.
memory    valgrind finds no error, and no memory that is lost. Needs the charm of the preset dev.
secrets   Every secret has a canary, which may appear nowhere except in files of mode 0640.
growth    200 hooks without news: memory, state, log and requests do not grow.
differential  Random lives of a unit. The real program and the code in the unit tests have the same
          effects on Juju and Pebble, in the same order.
sizes     1,000 related units, 1,000 peers, a databag of 16 MiB, 100 own units, a million blocked keys:
          time and memory grow no faster than the size.

After each disturbance, the hook runs again if it failed, and then the next hook runs. The end must
be that of a run that nothing disturbed: databags, secrets, ports, status, stored state, files,
Pebble's plan, services, the keyserver's keys and all rows of the database. A dispatch may never end
by a signal except the SIGKILL of the sweep. Hooks must end within 15 s, and actions that change
something within 125 s.

The charm's program and PostgreSQL are real. Juju, Pebble and Hockeypuck are the fakes of the unit
tests, at their real sockets. Each job has its own network and file system, so it needs root.

The results are in build/dev/reliability, with one line for each point. A second run with the same
charm continues there. Remove the folder to begin again."""

import argparse
import concurrent.futures
import dataclasses
import hashlib
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import differential
import life
import memory
import outside
import sizes
import system_calls
from hooks import CASES, CHANGING, OUTSIDE
from sandbox import sandboxed
from unit import Unit, comparable, differences

HERE = pathlib.Path(__file__).resolve().parent
KINDS = ("kill", "errors", "outside", "secrets", "growth", "sizes", "differential")  # And memory, on request.
LIVES = {"secrets": life.secrets, "growth": life.growth, "sizes": sizes.sizes,
         "differential": differential.differential}
# Hooks that run after a disturbance before its end must be reached.
MOST_LATER_HOOKS = 4


def later_hook(unit, case):
    """Runs a later hook. Returns the comparable state, and the number of unused public keys."""
    before = len(unit.state()["requests"] or [])
    unit.succeed(case.later)
    state = unit.state()
    found, unused = comparable(state)
    found["requests of the last hook"] = (state["requests"] or [])[before:]
    return found, unused


def recover(unit, case, ended):
    """What Juju does after a dispatch, or the operator after an action: run it again if it failed."""
    is_action = case.event.parameters is not None
    again = ended.code != 0 or (is_action and unit.action_failed())
    if again:
        unit.succeed(case.event)
        failure = unit.action_failed() if is_action and case.succeeds else ""
        # The disturbed run has changed the key, and only its report is lost.
        if failure and not failure.startswith("a change is under way"):
            return [f"the action fails when it runs again: {failure}"]
    return []


def settled(unit, case, expected):
    """Runs later hooks until the end is reached. Returns the differences, the number of hooks, and the
    number of unused public keys."""
    for count in range(1, MOST_LATER_HOOKS + 1):
        found, unused = later_hook(unit, case)
        wrong = differences(expected, found)
        if not wrong:
            break
    return wrong, count, unused


def result_of(unit, case, point, expected):
    """Disturbs one run, and reports what became of it."""
    with point.disturbance(unit) as how:
        ended = unit.run(case.event, **how)
        unit.ask(end=ended.code == 0)
    wrong = point.faults(unit, ended)
    if ended.seconds > case.seconds:
        wrong.append(f"{ended.seconds:.1f} s")
    left = len(unit.left_files())
    try:
        wrong += recover(unit, case, ended)
        late, hooks, unused = settled(unit, case, expected)
    except SystemExit as fault:
        late, hooks, unused = [str(fault)], 0, 0
    for path in unit.left_files():
        wrong.append(f"{path.name} stays in /tmp")
        path.unlink()
    return {"point": point.name, "code": ended.code, "seconds": round(ended.seconds, 2),
            "wrong": wrong + late, "hooks": hooks, "unused": unused, "left": left,
            "error": ended.error[-200:]}


def undisturbed_end(unit, case):
    """The state after which a later hook changes nothing."""
    unit.succeed(case.event)
    found = later_hook(unit, case)[0]
    for _ in range(MOST_LATER_HOOKS):
        before, found = found, later_hook(unit, case)[0]
        if found == before:
            unit.ask(restore=True)
            return found
    raise SystemExit(f"{case.name} does not come to rest: {differences(before, found)}")


def undisturbed(unit, case):
    """The end of two runs, which must be equal: else the comparison is worth nothing."""
    first, second = undisturbed_end(unit, case), undisturbed_end(unit, case)
    unequal = differences(first, second)
    if unequal:
        raise SystemExit(f"two undisturbed runs of {case.name} differ: {unequal}")
    return first


def points_of(unit, case, kind):
    if kind == "outside":
        used = unit.state()["calls"]
        unit.succeed(case.event)
        calls = unit.state()["calls"]
        unit.ask(restore=True)
        return outside.points({tool for tool in calls if calls[tool] > used.get(tool, 0)})
    if kind == "memory":
        return [memory.Valgrind()]
    trace = unit.folder / "trace"
    ended = unit.attempt(case.event, under=system_calls.tracing(trace))
    unit.ask(restore=True)
    if ended.code != 0:
        raise SystemExit(f"{case.name} under strace ended with {ended.code}: {ended.error}")
    found = {"kill": system_calls.kill_points, "errors": system_calls.error_points}
    return found[kind](trace.read_text(errors="replace"))


def chosen(points, arguments):
    """The points with these words, at most so many, in their order."""
    points = [point for point in points if arguments.points in point.name]
    if not arguments.most or len(points) <= arguments.most:
        return points
    numbers = random.Random(arguments.seed).sample(range(len(points)), arguments.most)
    return [points[number] for number in sorted(numbers)]


def run_job(arguments, title, kind, results):
    """One job, in its sandbox."""
    with tempfile.TemporaryDirectory() as folder, results.open("a") as file:
        unit = Unit(arguments.dispatch, arguments.build, folder)

        def keep(result):
            file.write(json.dumps(result) + "\n")
            file.flush()

        if kind in LIVES:
            for result in LIVES[kind](unit):
                keep(result)
        else:
            done = {json.loads(line)["point"] for line in results.read_text().splitlines()[1:]}
            case = CASES[title]
            if kind == "memory":
                case = dataclasses.replace(case, seconds=memory.SECONDS)
            sweep(unit, case, kind, arguments, done, keep)
        unit.end()
    results.with_suffix(".done").touch()


def sweep(unit, case, kind, arguments, done, keep):
    """Disturbs a hook at each point that is not done yet."""
    case.prepare(unit)
    unit.ask(save=True)
    expected = undisturbed(unit, case)
    for point in chosen(points_of(unit, case, kind), arguments):
        if point.name not in done:
            keep(result_of(unit, case, point, expected))
            unit.ask(restore=True)


def result_file(arguments, title, kind):
    """The file of a job. A different charm begins again."""
    digest = hashlib.sha256(pathlib.Path(arguments.dispatch).read_bytes()).hexdigest()
    header = json.dumps({"charm": digest, "most": arguments.most, "seed": arguments.seed,
                         "points": arguments.points})
    file = pathlib.Path(arguments.build) / "reliability" / f"{title}.{kind}.jsonl"
    file.parent.mkdir(exist_ok=True)
    if not file.exists() or file.read_text().split("\n")[0] != header:
        file.write_text(header + "\n")
        file.with_suffix(".done").unlink(missing_ok=True)
    return file


def job(arguments, title, kind):
    """Runs one job in a sandbox, and returns its results."""
    results = result_file(arguments, title, kind)
    if not results.with_suffix(".done").exists():
        command = sandboxed(sys.executable, "-B", str(HERE / "sweep.py"), *sys.argv[1:], "--job",
                            title, kind)
        ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                               check=False)
        if ended.returncode != 0:
            return [life.result("the sweep itself", [ended.stderr[-3000:]])]
    return [json.loads(line) for line in results.read_text().splitlines()[1:]]


def summary(title, kind, points):
    wrong = [point for point in points if point["wrong"]]
    left = sum(bool(point["left"]) for point in points)
    slowest = max((point["seconds"] for point in points), default=0)
    notes = "".join(f", {number} {what}" for number, what in
                    ((max((point["hooks"] for point in points), default=0), "later hooks at most"),
                     (sum(point["unused"] > 0 for point in points), "left an unused public key"),
                     (left, "left a file in /tmp")) if number)
    right = "as they must be" if kind in LIVES else "equal ends"
    lines = [f"{title:20} {kind:8} {len(points):6,} points, {len(points) - len(wrong):6,} {right}, "
             f"{len(wrong)} different, slowest {slowest:.1f} s{notes}"]
    shown = points if kind == "sizes" else wrong[:20]
    lines += [f"    {point['point']} {'; '.join(point['wrong'])[:1000]}" for point in shown]
    return "\n".join(lines + ["    …"] * (len(wrong) > 20))


def parsed():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hooks", default="", metavar="NAMES",
                        help=f"hooks and actions, separated by commas; all: {', '.join(CASES)}")
    parser.add_argument("--kinds", default=",".join(KINDS), help="default: %(default)s")
    parser.add_argument("--most", type=int, default=0, metavar="N",
                        help="at most N points of each job, chosen at random; default: all")
    parser.add_argument("--points", default="", metavar="WORDS",
                        help="only those whose names contain these words: 'EIO at sendto'")
    parser.add_argument("--seed", type=int, default=1, help="of that choice; default: %(default)s")
    parser.add_argument("--jobs", type=int, default=2, help="jobs at a time; default: %(default)s")
    parser.add_argument("--dispatch", default="build/release/charm/dispatch",
                        help="the charm's program; default: %(default)s")
    parser.add_argument("--build", default="build/dev",
                        help="the build with the surroundings; default: %(default)s")
    parser.add_argument("--job", nargs=2, help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    arguments = parsed()
    if arguments.job:
        run_job(arguments, *arguments.job, result_file(arguments, *arguments.job))
        return 0
    named = [title for title in arguments.hooks.split(",") if title]
    titles = {"outside": named or OUTSIDE, "memory": named or list(CASES),
              **{kind: ["a whole life"] for kind in LIVES}}
    jobs = [(title, kind) for kind in arguments.kinds.split(",")
            for title in titles.get(kind, named or CHANGING)]
    total = wrong = 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for (title, kind), points in zip(jobs, pool.map(lambda one: job(arguments, *one), jobs)):
            print(summary(title, kind, points), flush=True)
            total += len(points)
            wrong += sum(bool(point["wrong"]) for point in points)
    seed = f" (at most {arguments.most} of each, seed {arguments.seed})" if arguments.most else ""
    print(f"sweep: {total:,} points in {len(jobs)} jobs{seed}, {total - wrong:,} equal ends, "
          f"{wrong:,} different")
    return 1 if wrong else 0


sys.exit(main())
