# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""docs/reference/statuses.md: every status that the charm's code can make, and how to resolve it."""

import re

from . import cpp_text, markdown, sources
from .fault import Fault, require_same

TEXTS = "docs/generator/statuses.yaml"
KIND = re.compile(r"StatusKind::(\w+)")
# Code that names a kind without making a status.
HARMLESS = re.compile(r"(?:case|[!=]=)\s*$")
# The definition of the kinds.
DEFINITION = "src/domain/status.cpp"


def page(root):
    explained = sources.texts(root, "statuses")
    made = statuses(root)
    require_same("status", made, [key(entry) for entry in explained["statuses"]], TEXTS)
    require_same("reason of a wrong option", option_reasons(root), explained["option-reasons"], TEXTS)
    require_same("task of the database", database_tasks(root), explained["database-tasks"], TEXTS)
    parts = []
    for kind, text in explained["kinds"].items():
        rows = [[shown(entry), entry["meaning"]] for entry in explained["statuses"] if entry["kind"] == kind]
        parts += [f"## {kind}", text.strip(), markdown.table(["message", "meaning and action"], rows)]
    return markdown.page(
        "Statuses", f"src and {TEXTS}", explained["introduction"].strip(), *parts,
        "## Reasons for a wrong option", explained["option-reasons-text"].strip(),
        "\n".join(f"- {markdown.code(reason)}" for reason in explained["option-reasons"]))


def shown(entry):
    return markdown.code(entry["text"]) if entry["text"] else "(none)"


def key(entry):
    """`blocked: option …`: parts in braces are placeholders that only the running charm can fill. `code` has
    the pattern in the code if that is shorter than the text."""
    text = entry.get("code", re.sub(r"\{[^}]*\}", cpp_text.ANYTHING, entry["text"]))
    return f"{entry['kind']}: {text}"


def statuses(root):
    found = {"active: "}  # Status{}, when nothing is wrong.
    for path in sources.cpp_files(root / "src"):
        if path != root / DEFINITION:
            found |= set(statuses_of(cpp_text.without_comments(path.read_text()), path))
    return sorted(found)


def statuses_of(code, path):
    end = 0
    for kind in KIND.finditer(code):
        if kind.start() < end or HARMLESS.search(code[:kind.start()]):
            continue
        kinds, end = kinds_of(code, kind, path)
        text = cpp_text.expression(code, end)
        end += len(text)
        yield from (f"{name}: {cpp_text.pattern(text)}" for name in kinds)


def kinds_of(code, first, path):
    """The kinds before the comma of `{StatusKind::…, text}` or `say(StatusKind::…, text)` and where the text begins."""
    opening = re.search(r"(?:\{|\bsay\()([^{};,]*)$", code[:first.start()])
    choice = re.match(r"[^{};,]*,", code[first.start():])
    if not opening or not choice:
        line = code.count("\n", 0, first.start()) + 1
        raise Fault([f"{path}:{line}: makes a status in a way that docs/generate does not know"])
    return KIND.findall(choice.group()), first.start() + choice.end()


def option_reasons(root):
    """The texts of every InputError and every refusal in src/options."""
    found = set()
    for path in sources.cpp_files(root / "src/options"):
        code = cpp_text.without_comments(path.read_text())
        for call in re.finditer(r"\b(?:throw InputError|refuse)\(", code):
            found |= reasons_of(arguments(code, call.end()))
        for requirement in re.finditer(r"parse_items\(", code):
            found |= reasons_of(arguments(code, requirement.end())[-1:])
    return sorted(found)


def arguments(code, begin):
    """The arguments of a call, whose bracket opened just before `begin`."""
    found = []
    while True:
        found.append(cpp_text.expression(code, begin))
        begin += len(found[-1]) + 1
        if code[begin - 1] != ",":
            return found


def reasons_of(expressions):
    """Sentences only: texts with words other than separators and names of options."""
    parts = (part for given in expressions for part in cpp_text.alternatives(given) if '"' in part)
    patterns = (cpp_text.pattern(part).lstrip(f": {cpp_text.ANYTHING}").strip(": ") for part in parts)
    return {text for text in patterns if re.search(r"[a-z]{2,} [a-z]", text)}


def database_tasks(root):
    """The tasks of the provider that `missing` names."""
    source = (root / "src/handlers/postgresql_client.cpp").read_text()
    body = re.search(r"std::optional<std::string> missing\(.*?\n\}", source, re.DOTALL)
    if not body:
        raise Fault(["src/handlers/postgresql_client.cpp: missing() is not where it was"])
    return re.findall(r'return "([^"]*)"', body.group())
