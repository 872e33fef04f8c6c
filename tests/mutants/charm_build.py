# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Builds the unit tests with other objects of the charm.

Takes the tests, the rehearsal and the rest of the charm from the preset dev, so that a build with
changed sources or other options compiles only a few units.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess

PROJECT = pathlib.Path(__file__).resolve().parents[2]
DEV = PROJECT / "build/dev"
TESTS = ["domain_test", "options_test", "hockeypuck_test", "hockeypuck_configuration_test",
         "keyserver_client_test", "handlers_test", "juju_test", "hook_test", "openpgp_test", "actions_test"]


def parallel(function, items):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(function, items)


def write_if_changed(path, text):
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def build_dev():
    subprocess.run(["cmake", "--preset", "dev"], cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", DEV, "--parallel", str(os.cpu_count()), "--target", *TESTS, "--",
                    "--quiet"], check=True)


def sources_of(unit):
    """The sources that a unit of the unity build includes."""
    return [str(pathlib.Path(path).relative_to(PROJECT))
            for path in re.findall(r'^#include "(.*)"', unit.read_text(), re.M)]


def compile_units(folder, sources, options):
    """Compiles each unit that includes one of the sources: {name: path of its other text}. Returns the
    objects, by library."""
    commands, objects = [], {}
    for entry in json.loads((DEV / "compile_commands.json").read_text()):
        unit = pathlib.Path(entry["file"])
        if DEV / "src" not in unit.parents or not set(sources_of(unit)) & set(sources):
            continue
        library = unit.parents[1].name.removesuffix(".dir")
        text = "".join(f'#include "{sources.get(name, PROJECT / name)}"\n' for name in sources_of(unit))
        copy = folder / "units" / f"{library}-{unit.name}"
        write_if_changed(copy, text)
        command = shlex.split(entry["command"])
        command[command.index("-o") + 1] = str(copy.with_suffix(".o"))
        command[command.index("-c") + 1] = str(copy)
        own_headers = sorted({f"-iquote{(PROJECT / name).parent}" for name in sources_of(unit)})
        commands.append([*command, "-w", *own_headers, *options])
        objects.setdefault(library, []).append(str(copy.with_suffix(".o")))
    launcher = ["ccache"] if shutil.which("ccache") else []
    environment = dict(os.environ, CCACHE_SLOPPINESS="pch_defines,time_macros")
    for _ in parallel(lambda command: subprocess.run([*launcher, *command], cwd=DEV, env=environment, check=True),
                      commands):
        pass
    return objects


def link_tests(folder, objects, options):
    """Links each test with these objects before the libraries that hold the usual ones."""
    def link(test):
        listed = subprocess.run(["ninja", "-C", DEV, "-t", "commands", test], check=True, stdout=subprocess.PIPE)
        command = listed.stdout.decode().splitlines()[-1].split(" && ")[1]
        own = [path for library, paths in objects.items() if f"lib{library}.a" in command for path in paths]
        before, after = re.split(r" -o \S+ ", command, maxsplit=1)
        subprocess.run(shlex.join([*shlex.split(before), *own, "-o", str(folder / test), *shlex.split(after), *options]),
                       cwd=DEV, shell=True, check=True)
    for _ in parallel(link, TESTS):
        pass
