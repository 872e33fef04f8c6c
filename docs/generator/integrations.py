# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""docs/reference/integrations.md, from metadata.yaml and the databags in the tests.

The charm's tests compare the databags that it writes with tests/data/databags. The databags that it
reads are in tests/data/interfaces, recorded from the code of the other charms.
"""

import json
import re

from . import markdown, sources
from .fault import Fault, require_same

WRITTEN = "tests/data/databags"
READ = "tests/data/interfaces"
TEXTS = "docs/generator/integrations.yaml"
# No other charm sees it, so no databag of it is recorded.
PEERS = "hockeypuck-peers"
LONGEST_VALUE = 160
BAGS = {"application": "application databag, written by the leader", "unit": "unit databag, written by each unit"}


def page(root):
    explained = sources.texts(root, "integrations")
    metadata = sources.read_yaml(root / "metadata.yaml")
    endpoints = {name: {"role": role, **details} for role in ("requires", "provides", "peers")
                 for name, details in metadata[role].items()}
    require_same("endpoint", endpoints, explained["endpoints"], TEXTS)
    overview = markdown.table(
        ["endpoint", "interface", "role", "required", "limit"],
        [[f"[`{name}`](#{name})", markdown.code(details["interface"]), details["role"],
          "no" if details["optional"] else "yes", most(details)]
         for name, details in endpoints.items()])
    sections = [section(root, name, endpoints[name], text) for name, text in explained["endpoints"].items()]
    return markdown.page("Integrations", f"metadata.yaml, tests/data and {TEXTS}",
                         explained["introduction"].strip(), overview, *sections)


def most(details):
    return details.get("limit", "one, made by Juju" if details["role"] == "peers" else "none")


def section(root, name, details, text):
    parts = [f"## {name}", details["description"].strip(), text["does"].strip()]
    if "commands" in text:
        parts.append(markdown.fenced("console", text["commands"]))
    parts.append(f"**The charm writes**\n\n{written(root, name, text['writes'])}")
    parts.append(f"**The charm reads**\n\n{read(root, text['reads'])}")
    return "\n\n".join(parts)


def written(root, name, meanings):
    path = root / WRITTEN / f"{name}.json"
    if name == PEERS:
        require_same(f"key of {name}", peer_keys(root), [key.split("<")[0] for key in meanings], TEXTS)
        return keys_table(meanings)
    bags = json.loads(path.read_text())
    recorded = [key for bag in bags.values() for key in bag]
    require_same(f"key of {name}", recorded, meanings, TEXTS)
    return "\n\n".join([keys_table(meanings), *[shown_bag(BAGS[scope], bag) for scope, bag in bags.items() if bag]])


def peer_keys(root):
    """The keys that the leader may write for the other units: the constants of the handler."""
    source = (root / "src/handlers/peer_relation.cpp").read_text()
    return re.findall(r'^constexpr [^=]* \**\w+_key = "([^"]+)";', source, re.MULTILINE)


def read(root, text):
    parts = [keys_table(text["keys"])] if text["keys"] else []
    parts += [text["note"].strip()] if "note" in text else []
    if "sample" in text:
        path = root / READ / f"{text['sample']}.json"
        sample = json.loads(path.read_text())
        bags = {scope: sample[scope] for scope in ("app", "unit") if sample[scope]}
        unknown = set(text["keys"]) - {key for bag in bags.values() for key in bag} - set(text.get("elsewhere", []))
        if unknown:
            raise Fault([f"{TEXTS}: {path.name} has no key {', '.join(sorted(unknown))}"])
        names = {"app": "application databag", "unit": "unit databag"}
        parts += [shown_bag(f"{names[scope]} of the other charm", bag) for scope, bag in bags.items()]
    return "\n\n".join(parts)


def keys_table(meanings):
    return markdown.table(["key", "meaning"], [[markdown.code(key), text] for key, text in meanings.items()])


def shown_bag(what, bag):
    lines = json.dumps({key: shortened(value) for key, value in bag.items()}, indent=2, ensure_ascii=False)
    return f"The {what}:\n\n{markdown.fenced('json', lines)}"


def shortened(value):
    return value if len(value) <= LONGEST_VALUE else f"{value[:LONGEST_VALUE]}… ({len(value)} characters)"
