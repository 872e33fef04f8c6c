# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Rules about dispatch as a program: it runs in the container of any charm, and is hardened."""

import re

import program
from rules import rule

MAX_GLIBC = (2, 39)  # The version in Ubuntu 24.04, the base.
# The minor version from which glibc understands packed relocations.
PACKED_RELOCATIONS = ("GLIBC_ABI_DT_RELR", (2, 36))
GLIBC = re.compile(r"libc\.so\.6|libm\.so\.6|ld-linux-(x86-64|aarch64)\.so\.[12]")


def version(name):
    if name == PACKED_RELOCATIONS[0]:
        return PACKED_RELOCATIONS[1]
    numbers = re.fullmatch(r"GLIBC_(\d+)\.(\d+)(\.\d+)?", name)
    return (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)


@rule("program", "architecture", "dispatch is for the platform that the charm says it is for.")
def architecture(charm):
    for base in charm.document("manifest.yaml").get("bases") or []:
        if base.get("architectures") != [charm.program.architecture]:
            yield f"dispatch is {charm.program.architecture}, the charm {base.get('architectures')}"


@rule("program", "needed", "dispatch needs no library but glibc's own, for the charm's container has none of ours.")
def needed(charm):
    libraries = charm.program.needed
    if "libc.so.6" not in libraries:
        yield "it does not need glibc, without which names are not resolved as in the rest of the container"
    for name in libraries:
        if not GLIBC.fullmatch(name):
            yield f"it needs {name}"


@rule("program", "glibc", f"dispatch runs with glibc {MAX_GLIBC[0]}.{MAX_GLIBC[1]}, that of the base.")
def glibc(charm):
    newest = max(charm.program.versions, key=version, default="GLIBC_0.0")
    if version(newest) > MAX_GLIBC:
        yield f"it needs {newest}"


@rule("program", "relocations", "Packed relocations are announced to glibc, which refuses them otherwise.")
def relocations(charm):
    if "(RELR)" in charm.program.dynamic and PACKED_RELOCATIONS[0] not in charm.program.versions:
        yield f"{PACKED_RELOCATIONS[0]} is not asked for; the linker is too old, or not GNU's"


@rule("program", "pie", "dispatch is position-independent and loaded at random addresses.")
def pie(charm):
    if not charm.program.is_position_independent:
        yield "it is not"


@rule("program", "relro", "What the linker fills in is read-only before main: RELRO and BIND_NOW.")
def relro(charm):
    if "GNU_RELRO" not in charm.program.segments:
        yield "there is no RELRO segment"
    if not re.search(r"FLAGS_1\).*NOW|\(BIND_NOW\)|FLAGS\).*BIND_NOW", charm.program.dynamic):
        yield "symbols are bound when they are first used"


@rule("program", "nx", "The stack is not executable.")
def nx(charm):
    if not re.search(r"GNU_STACK( +0x0+){5} RW ", charm.program.segments):
        yield "it is, or nothing is said of it"


@rule("program", "text", "Code needs no relocation, so that it is never writable.")
def text(charm):
    if "TEXTREL" in charm.program.dynamic:
        yield "it does"


@rule("program", "search-path", "No RPATH or RUNPATH: libraries come from where the system has them.")
def search_path(charm):
    for kind in re.findall(r"\((RPATH|RUNPATH)\)", charm.program.dynamic):
        yield f"there is a {kind}"


@rule("program", "stack-protector", "Functions with arrays notice when their stack is overwritten.")
def stack_protector(charm):
    if "__stack_chk_fail" not in charm.program.imports:
        yield "__stack_chk_fail is not used"


@rule("program", "fortify", "glibc's checking variants of functions are used.")
def fortify(charm):
    if not any(re.fullmatch(r"__[a-z]+_chk", name) for name in charm.program.imports):
        yield "none is"


@rule("program", "stripped", "dispatch has neither symbols nor debug data.")
def stripped(charm):
    for section in re.findall(r" (\.symtab|\.debug_\w+) ", charm.program.sections):
        yield f"it has {section}"


@rule("program", "debug-symbols", "The debug symbols kept beside the charm are those of dispatch.")
def debug_symbols(charm):
    if not charm.program.build_id:
        yield "dispatch has no build id"
    if charm.debug_symbols and program.build_id(charm.debug_symbols) != charm.program.build_id:
        yield f"{charm.debug_symbols} has another build id"
    if charm.debug_symbols and ".debug_info" not in program.readelf(charm.debug_symbols, "--section-headers"):
        yield f"{charm.debug_symbols} holds no debug data"
