#!/usr/bin/env python3
# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Checks that texts are plain English: check_prose.py ROOT-OR-FILES...

Reads Markdown pages, the texts of YAML and Terraform files, the comments of C++ files, the strings in
the C++ sources of the charm and the rehearsal, and the comments and strings of scripts. Prints `file:line: fault` for each word of WORDS, each sentence that is too
long, and each long line of Markdown prose. Exits with 1 if there is any. Code blocks and inline code
are left alone.
"""

import pathlib
import re
import sys

import yaml

sys.dont_write_bytecode = True

from check_links import markdown_files  # noqa: E402

MOST_WORDS = 25
MOST_COLUMNS = 100

# What to look for, and what to write instead. Inline code and addresses of links are blanked first.
WORDS = {
    r"anew": "again, from scratch",
    r"mend(s|ed|ing)?|cures?|heal(s|ed|ing)?": "fix, recover",
    r"besides?": "in addition to, next to, except",
    r"who(so)?ever": "anyone who, users, an operator",
    r"(some|no|any|every)body": "name the person: users, an operator, the attacker",
    r"(tell|tells|told|telling) of": "describe, report, show",
    r"(has|have|had) to say": "reports",
    r"without a word": "silently",
    r"(own|last) words": "error message, log line",
    r"stand(s|ing)?(?! ?-)|stood": "is, is in, means",
    r"another one": "a different …, a second …",
    r"of (its|their|his|her|your|my|our) own": "its own …, a separate …",
    r"in vain|to no avail|spoils?": "name the outcome",
    r"whereby|whence|wherein|therein|thereof|shall|lest": "an everyday word",
    r"for ever": "forever",
    r"once more": "again",
    r"at the latest": "within N minutes",
    r"at once": "immediately; together",
    r"by (itself|themselves)": "automatically, alone",
    r"meanwhile": "in the meantime, during the …",
    r"(go|goes|going|went|gone) on": "continue",
    r"(about|is|are) to go|may go": "is removed, is replaced, expires",
    r"some (\d[\d,.]*|tenths|dozens|hundreds|thousands)": "about N, a few tenths",
    r"that (is|are|was|were) there|where (it is|they are) there": "existing",
    r"all that (there is|can be)": "everything",
    r"(to|can|cannot|could) be had": "available",
    r"what (became|becomes|become) of": "the result of",
    r"(of|from|by|with|than) what(ever)?": "name the thing",
    r"(from|to) where": "name the place",
    r"(come|comes|came|coming) (by|along)|(bring|brings|brought) along": "obtain, include",
    r"lets? go|puts? out": "drop, publish",
    r"lets? (it |them |us )?in": "accept",
    r"(is|are|was|were) (still )?taken(?! (from|by|over|as|for|into|off|out|down|away|every|on|at|to))": "accepted",
    r"(?<!there )(is|are|was|were) no(?! longer)": "is not a …",
    r"(know|want)s? no": "does not support …, needs …",
    r"(takes?|took) (its|their) place": "replaces",
    r"also ones": "as well as",
    r"blanks": "spaces",
    r"line ends?": "newlines",
    r"recon(?![-=])": "reconciliation; recon only in literal names",
}
# Case-sensitive.
SPELLINGS = {r"key ids?": "key ID", r"user ids?": "user ID", r"look-ups?": "lookup"}
CPP_FOLDERS = ("include", "src", "tests", "rehearsal")
PUNCTUATION = re.compile(r",\s(too(?=[\s,.;:)])|also\s(when|where|if)\b)")
# A space may be the end of a line.
SEARCHES = [(re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])".replace(" ", r"\s"), flags), instead)
            for words, flags in ((WORDS, re.IGNORECASE), (SPELLINGS, 0))
            for pattern, instead in words.items()] + [(PUNCTUATION, "even if, as well as, or no comma")]

# (path, found text): reason. Keep it short: it is nearly always better to rewrite the sentence.
ALLOWED = {
    ("src/actions/show_peers.cpp", "Recon"): "Hockeypuck calls it reconAddr",
    ("rehearsal/keyserver/reconciliation.cpp", "recon"): "Hockeypuck logs it",
    ("rehearsal/keyserver/tools.cpp", "recon"): "hockeypuck-pbuild logs it",
}

CODE_OR_LINK = re.compile(
    r"(?P<code>(`+)(?!`).+?(?<!`)\2(?!`))"
    r"|!?\[(?P<label>[^\]]*)\](?P<target>\([^)]*\)|\[[^\]]*\])"
    r"|(?P<html><!--.*?-->|</?[a-zA-Z][^>]*>|<?https?://[^\s>)]+>?)"
    r"|(?P<template>\{\{.*?\}\})", re.DOTALL)
END_OF_SENTENCE = re.compile(r"(?<=[.!?:])[\"')*_]*\s+")
LIST_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")
FENCE = re.compile(r"\s*(```+|~~~+)")
# A comment, or a literal in which `//` does not begin one.
CPP_TOKEN = re.compile(
    r"(?P<marker>///<|//[/!]?)[ ]?(?P<comment>[^\n]*)"
    r'|R"(?P<delimiter>[^(\s]*)\((?P<raw>.*?)\)(?P=delimiter)"'
    r'|"(?P<string>(?:[^"\\\n]|\\.)*)"'
    r"|(?<!\w)'(?:[^'\\\n]|\\.)+'", re.DOTALL)
SCRIPT_TEXT = re.compile(r'(?:^|\s)#+ (?P<comment>.*)|"(?P<string>[^"]*[a-z] [a-z][^"]*)"')
# YAML files have texts under these keys. The generator's files have texts under all keys but the
# others.
YAML_TEXTS = {"summary", "description", "title", "label", "about", "value"}
NO_TEXTS = {"kind", "code", "commands", "sample", "elsewhere"}


class Block:
    """Lines of prose that belong together: a paragraph, an item of a list, a cell of a table."""

    def __init__(self, line, text):
        self.line = line
        self.text = text

    def line_at(self, position):
        return self.line + self.text.count("\n", 0, position)


def filler(text):
    return "_" * len(text)


def without_addresses(text):
    """Returns a text of the same length. Code and addresses are one word each; labels stay."""
    def blank(match):
        if match["label"] is None:
            return filler(match[0])
        begin = match.start("label") - match.start()
        return " " * begin + match["label"] + " " * (len(match[0]) - begin - len(match["label"]))
    return CODE_OR_LINK.sub(blank, text)


def one_word_each(text):
    """Returns a text of the same length. Each piece of code and each link is one word."""
    return CODE_OR_LINK.sub(lambda match: filler(match[0]), text)


def markdown_blocks(text):
    """Returns the prose of a page, without code blocks and comments."""
    blocks, lines, begin = [], [], 0
    fence, comment = None, False

    def close():
        if lines:
            blocks.append(Block(begin, "\n".join(lines)))
            lines.clear()

    for number, line in enumerate(text.split("\n"), 1):
        opening = FENCE.match(line)
        if fence or comment:
            if fence and opening and opening[1].startswith(fence) and line.strip() == opening[1]:
                fence = None
            comment = comment and "-->" not in line
            continue
        if opening or line.startswith("<!--"):
            close()
            fence = opening[1] if opening else None
            comment = not opening and "-->" not in line
        elif line.lstrip().startswith("|"):
            close()
            blocks += [Block(number, cell) for cell in cells(line)]
        elif not line.strip() or line.startswith("#"):
            close()
        else:
            if LIST_ITEM.match(line):
                close()
            begin = begin if lines else number
            lines.append(line.lstrip("> "))
    close()
    return blocks


def cells(row):
    return [cell.replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", row) if not re.fullmatch(r"[\s:-]*", cell)]


def word_faults(block):
    text = without_addresses(block.text)
    for search, instead in SEARCHES:
        for found in search.finditer(text):
            yield block.line_at(found.start()), f"\"{' '.join(found[0].split())}\": write {instead}"


def sentence_faults(block):
    text = one_word_each(block.text)
    begin = 0
    for end in [match.end() for match in END_OF_SENTENCE.finditer(text)] + [len(text)]:
        words = [word for word in text[begin:end].split() if re.search(r"\w", word)]
        if len(words) > MOST_WORDS:
            start = begin + len(text[begin:end]) - len(text[begin:end].lstrip())
            beginning = " ".join(block.text[start:end].split()[:5])
            yield block.line_at(start), f"a sentence of {len(words)} words: \"{beginning} …\""
        begin = end


def column_faults(text):
    prose = {block.line + offset for block in markdown_blocks(text)
             for offset in range(block.text.count("\n") + 1)}
    for number, line in enumerate(text.split("\n"), 1):
        may_be_wrapped = " " in LIST_ITEM.sub("", line, count=1)[:MOST_COLUMNS].strip()
        starts_otherwise = line.lstrip().startswith(("|", "<", "["))
        if number in prose and len(line) > MOST_COLUMNS and may_be_wrapped and not starts_otherwise:
            yield number, f"{len(line)} columns, more than {MOST_COLUMNS}"


def markdown_faults(path):
    text = path.read_text()
    yield from column_faults(text)
    for block in markdown_blocks(text):
        yield from word_faults(block)
        yield from sentence_faults(block)


def yaml_scalars(node, wanted, key=None):
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from yaml_scalars(value, wanted, name.value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from yaml_scalars(value, wanted, key)
    elif node.tag == "tag:yaml.org,2002:str" and wanted(key):
        yield node


def yaml_faults(path):
    in_generator = path.resolve().parent.name == "generator"
    wanted = (lambda key: key not in NO_TEXTS) if in_generator else YAML_TEXTS.__contains__
    for node in yaml_scalars(yaml.compose(path.read_text()), wanted):
        first = node.start_mark.line + (2 if node.style in ("|", ">") else 1)
        folded = node.style != "|"
        for block in markdown_blocks(node.value):
            for line, fault in [*word_faults(block), *sentence_faults(block)]:
                yield first + (0 if folded else line - 1), fault


def cpp_comments(text):
    """Returns the comments as blocks: consecutive lines with only a comment, or one comment after code.

    A trailing `///<` comment may continue on such lines.
    """
    blocks, end, marker = [], 0, None
    for token in CPP_TOKEN.finditer(text):
        if token["marker"] is None:
            continue
        line = text.count("\n", 0, token.start()) + 1
        alone = not text[text.rfind("\n", 0, token.start()) + 1:token.start()].strip()
        if alone and line == end + 1 and token["marker"] == marker:
            blocks[-1].text += "\n" + token["comment"]
        else:
            blocks.append(Block(line, token["comment"]))
        end, marker = line, token["marker"] if alone or token["marker"] == "///<" else None
    return blocks


def comment_faults(text):
    for comment in cpp_comments(text):
        for block in markdown_blocks(comment.text):
            for line, fault in [*word_faults(block), *sentence_faults(block)]:
                yield comment.line + line - 1, fault


def string_faults(text):
    """Checks only words, because a text often consists of several literals."""
    for token in CPP_TOKEN.finditer(text):
        literal = token["raw"] or token["string"]
        if literal and re.search(r"[a-z] [a-z]", literal):
            line = text.count("\n", 0, token.start()) + 1
            yield from word_faults(Block(line, literal))


def cpp_faults(path):
    """Reads no strings of tests, which are often the output of other programs."""
    text = path.read_text()
    yield from comment_faults(text)
    if "tests" not in path.parts:
        yield from string_faults(text)


def script_faults(path):
    """Checks only words in comments and strings, line by line."""
    for number, line in enumerate(path.read_text().split("\n"), 1):
        for found in SCRIPT_TEXT.finditer(line):
            yield from word_faults(Block(number, found["comment"] or found["string"] or ""))


def terraform_faults(path):
    text = path.read_text()
    for found in re.finditer(r'^\s*(?:description|error_message)\s*=\s*"(.*)"$', text, re.MULTILINE):
        block = Block(text.count("\n", 0, found.start(1)) + 1, found[1])
        yield from word_faults(block)
        yield from sentence_faults(block)


CHECKS = {".md": markdown_faults, ".yaml": yaml_faults, ".yml": yaml_faults, ".rule": yaml_faults,
          ".json": yaml_faults, ".cpp": cpp_faults, ".hpp": cpp_faults, ".tf": terraform_faults,
          "": script_faults, ".py": script_faults}


def files_of(root):
    """Returns all texts of the project that people read."""
    yield from markdown_files(root)
    for pattern in ("config.yaml", "actions.yaml", "metadata.yaml", "charmcraft.yaml", "rock/*.yaml",
                    "docs/generator/*.yaml", "src/cos/**/*.rule", "src/cos/**/*.json",
                    ".github/ISSUE_TEMPLATE/*.y*ml", "terraform/**/*.tf", "rehearsal/charms/*/*.yaml",
                    "rehearsal/demo", "rehearsal/bench", "scripts/*", "Makefile", ".ci/run"):
        yield from sorted(path for path in root.glob(pattern) if path.suffix in CHECKS)
    for folder in CPP_FOLDERS:
        yield from sorted(path for path in (root / folder).rglob("*.?pp") if path.suffix in CHECKS)


def faults(path):
    """Returns lines `file:line: fault`, without the allowed ones."""
    found = sorted(set(CHECKS[path.suffix](path)))
    return [f"{path}:{line}: {fault}" for line, fault in found
            if not any(str(path).endswith(name) and text in fault for name, text in ALLOWED)]


def main():
    paths = [pathlib.Path(argument) for argument in sys.argv[1:]]
    if not paths:
        sys.exit(__doc__)
    files = [file for path in paths for file in (files_of(path) if path.is_dir() else [path])]
    found = [fault for file in files if file.suffix in CHECKS for fault in faults(file)]
    for fault in found:
        print(fault)
    if not found:
        print(f"prose: {len(files)} files, all plain")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
