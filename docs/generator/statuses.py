# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""docs/reference/statuses.md: every status that the charm's code can make, and what to do about it."""

import re

from . import cpp_text, markdown, sources
from .fault import Fault, require_same

TEXTS = "docs/generator/statuses.yaml"
# The only code that makes statuses.
TABLE = "src/domain/statuses.cpp"
MAKER = re.compile(r"^Status \w+\([^)]*\) \{.*?return \{(.*?),\s*(joined\(\{.*?\}\)|\"[^;]*\")\};\n\}", re.DOTALL | re.MULTILINE)


def page(root):
    explained = sources.texts(root, "statuses")
    made = statuses(root)
    require_same("status", made, [key(entry) for entry in explained["statuses"]], TEXTS)
    require_same("reason of a wrong option", option_reasons(root), explained["option-reasons"], TEXTS)
    require_same("task of the database", database_tasks(root), explained["database-tasks"], TEXTS)
    parts = []
    for kind, text in explained["kinds"].items():
        rows = [[shown(entry), entry["meaning"]] for entry in explained["statuses"] if entry["kind"] == kind]
        parts += [f"## {kind}", text.strip(), markdown.table(["message", "meaning, and what to do"], rows)]
    return markdown.page(
        "Statuses", f"src and {TEXTS}", explained["introduction"].strip(), *parts,
        "## Reasons for a wrong option", explained["option-reasons-text"].strip(),
        "\n".join(f"- {markdown.code(reason)}" for reason in explained["option-reasons"]))


def shown(entry):
    return markdown.code(entry["text"]) if entry["text"] else "(none)"


def key(entry):
    """`blocked: option …`: parts in braces stand for what only the running charm knows."""
    return f"{entry['kind']}: {re.sub(r'{[^}]*}', cpp_text.ANYTHING, entry['text'])}"


def statuses(root):
    found = {"active: "}  # Status{}, when nothing is wrong.
    for kinds, text in MAKER.findall((root / TABLE).read_text()):
        found |= {f"{kind}: {written(text)}" for kind in re.findall(r"StatusKind::(\w+)", kinds)}
    for path in sources.cpp_files(root / "src"):
        if path != root / TABLE and re.search(
                r"\bStatus\{StatusKind|\{StatusKind::\w+,", cpp_text.without_comments(path.read_text())):
            raise Fault([f"{path}: makes a status, which only {TABLE} may do"])
    return sorted(found)


def written(text):
    """The message of `"text"` or `joined({"text", variable, …})`."""
    parts = re.findall(r'"((?:[^"\\\\]|\\\\.)*)"|(\b[A-Za-z_][\w:]*(?:\([^()]*\))?)', text.removeprefix("joined"))
    return "".join(cpp_text.ANYTHING if variable else literal for literal, variable in parts)


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
    """Sentences only: what has words of its own beyond separators and names of options."""
    parts = (part for given in expressions for part in cpp_text.alternatives(given) if '"' in part)
    patterns = (cpp_text.pattern(part).lstrip(f": {cpp_text.ANYTHING}").strip(": ") for part in parts)
    return {text for text in patterns if re.search(r"[a-z]{2,} [a-z]", text)}


def database_tasks(root):
    """What `missing` says that the provider has still to do."""
    source = (root / "src/handlers/postgresql_client.cpp").read_text()
    body = re.search(r"std::optional<std::string> missing\(.*?\n\}", source, re.DOTALL)
    if not body:
        raise Fault(["src/handlers/postgresql_client.cpp: missing() is not where it was"])
    return re.findall(r'return "([^"]*)"', body.group())
