# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Damages one part of a program: 64-bit little-endian ELF, with the names of elf.h's constants."""

import struct

EM_AARCH64, EM_X86_64 = 183, 62
PT_NULL, PT_DYNAMIC, PT_GNU_STACK, PT_GNU_RELRO = 0, 2, 0x6474E551, 0x6474E552
DT_DEBUG, DT_FLAGS, DT_RUNPATH, DT_TEXTREL, DT_FLAGS_1 = 21, 30, 29, 22, 0x6FFFFFFB
DF_BIND_NOW, DF_1_NOW, DF_1_PIE = 0x8, 0x1, 0x08000000
PF_X = 1
SEGMENT = struct.Struct("<IIQQQQQQ")
DYNAMIC = struct.Struct("<QQ")


def segments(data):
    offset, = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    for number in range(count):
        position = offset + number * size
        yield position, SEGMENT.unpack_from(data, position)


def segment(data, kind):
    return next((position, fields) for position, fields in segments(data) if fields[0] == kind)


def dynamic(data, tag):
    _, fields = segment(data, PT_DYNAMIC)
    for position in range(fields[2], fields[2] + fields[5], DYNAMIC.size):
        found, value = DYNAMIC.unpack_from(data, position)
        if found == tag:
            return position, value
    raise LookupError(f"no dynamic entry {tag:#x}")


def for_other_machine(data):
    spoilt = bytearray(data)
    machine, = struct.unpack_from("<H", data, 18)
    struct.pack_into("<H", spoilt, 18, EM_X86_64 if machine == EM_AARCH64 else EM_AARCH64)
    return bytes(spoilt)


def retyped_segment(data, kind, other):
    position, _ = segment(data, kind)
    spoilt = bytearray(data)
    struct.pack_into("<I", spoilt, position, other)
    return bytes(spoilt)


def executable_stack(data):
    position, fields = segment(data, PT_GNU_STACK)
    spoilt = bytearray(data)
    struct.pack_into("<I", spoilt, position + 4, fields[1] | PF_X)
    return bytes(spoilt)


def retagged_dynamic(data, tag, other):
    """Changes the tag of one dynamic entry. Its value is harmless as an offset of a string."""
    position, _ = dynamic(data, tag)
    spoilt = bytearray(data)
    DYNAMIC.pack_into(spoilt, position, other, 1)
    return bytes(spoilt)


def cleared_flags(data, tag, flags):
    position, value = dynamic(data, tag)
    spoilt = bytearray(data)
    DYNAMIC.pack_into(spoilt, position, tag, value & ~flags)
    return bytes(spoilt)
