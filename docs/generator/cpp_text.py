# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Turns the C++ expression of a text into a pattern: `"waiting for " + name` becomes `waiting for …`."""

import re

ANYTHING = "…"
STRING = re.compile(r'(?:R"\((.*?)\)"|"((?:[^"\\]|\\.)*)")', re.DOTALL)
WRAPPER = re.compile(r'std::string(?:_view)?[({]\s*(?=")')
COMMENT = re.compile(r"//[^\n]*")


def without_comments(code):
    """Blanks line comments, strings aside, and keeps every position."""
    kept = []
    position = 0
    for part in re.finditer(rf"{STRING.pattern}|{COMMENT.pattern}", code, re.DOTALL):
        kept.append(code[position:part.start()])
        is_comment = part.group().startswith("//")
        kept.append(re.sub(r"[^\n]", " ", part.group()) if is_comment else part.group())
        position = part.end()
    return "".join(kept) + code[position:]


def expression(code, begin):
    """The code from `begin` up to the bracket or comma that ends it, strings skipped."""
    depth = 0
    position = begin
    while position < len(code):
        string = STRING.match(code, position)
        if string:
            position = string.end()
            continue
        character = code[position]
        if character in "({[":
            depth += 1
        elif character in ")}]" or (character == "," and depth == 0):
            if depth == 0:
                break
            depth -= 1
        position += 1
    return code[begin:position]


def alternatives(code):
    """The code itself, or the parts of `condition ? one : other`."""
    blank = STRING.sub(lambda string: "_" * len(string.group()), code)
    ends = [mark.span() for mark in re.finditer(r" \? | : ", blank)] + [(len(code), len(code))]
    begins = [0, *[end for _, end in ends]]
    return [code[begin:end] for begin, (end, _) in zip(begins, ends)]


def pattern(code):
    """The text with … for each part that only the running program can fill."""
    parts = []
    position = 0
    code = WRAPPER.sub("", code)
    for string in STRING.finditer(code):
        parts += [placeholder(code[position:string.start()]), unescaped(string)]
        position = string.end()
    parts.append(placeholder(code[position:]))
    return re.sub(f"{ANYTHING}+", ANYTHING, "".join(parts))


def placeholder(code):
    return ANYTHING if re.search(r"\w", code) else ""


def unescaped(string):
    raw, ordinary = string.groups()
    return raw if raw is not None else re.sub(r"\\(.)", r"\1", ordinary)
