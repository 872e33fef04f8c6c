# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the files below ROOT/src/cos, of the charm that ROOT/metadata.yaml names, into the C++ source
OUTPUT, for cos.hpp:

    embed_files.py ROOT OUTPUT

Rules become JSON of which only the application is left open, and dashboards are packed here, because no
hook changes anything about that."""

import base64
import hashlib
import json
import lzma
import pathlib
import re
import sys

import yaml

END_MARK = ')embedded"'
# Encloses a name that every application replaces with its own value.
MARK = "%%"
LABELS = ("juju_model", "juju_model_uuid", "juju_application")
PLACES = ("juju_topology", "juju_identifier", *LABELS)


def packed(path, _charm):
    """As Grafana's charm reads a dashboard."""
    content = path.read_bytes()
    json.loads(content)
    # A higher preset saves almost nothing, but needs more memory when the file is unpacked.
    return base64.b64encode(lzma.compress(content, preset=6)).decode()


def require(condition, fault):
    """Ends the build otherwise."""
    if not condition:
        raise ValueError(fault)


def list_of(node, key):
    """The list that a mapping holds."""
    require(isinstance(node, dict) and isinstance(node.get(key), list) and node[key],
            f"{key} is no list, or empty")
    return node[key]


def require_rules(document):
    """What the charm counts on in a file of rules; Prometheus and Loki know the rest."""
    for group in list_of(document, "groups"):
        for rule in list_of(group, "rules"):
            require(isinstance(group.get("name"), str), "a group has no name")
            require(isinstance(rule, dict) and isinstance(rule.get("expr"), str),
                    "a rule has no expression")
            require(isinstance(rule.get("labels", {}), dict), "labels are no mapping")


def require_known_places(text):
    """What the charm can fill in."""
    for name in text.split(MARK)[1::2]:
        require(name in PLACES, f"{MARK}{name}{MARK} stands for nothing")
    require(text.count(MARK) % 2 == 0, f"a {MARK} has no other")


def qualified(group, charm):
    """A group of this application, as cosl 1.11 makes it. The file's labels win."""
    suffix = "" if group["name"].endswith("_rules") else "_rules"
    name = re.sub("[^a-zA-Z0-9_:]", "_", group["name"])
    labels = {"juju_charm": charm} | {place: f"{MARK}{place}{MARK}" for place in LABELS}
    rules_of_group = [rule | {"labels": labels | rule.get("labels", {})} for rule in group["rules"]]
    return group | {"name": f"{MARK}juju_identifier{MARK}_{name}{suffix}", "rules": rules_of_group}


def rules(path, charm):
    """Every scalar is taken as text: no field of a rule is anything else."""
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    require_rules(document)
    groups = [json.dumps(qualified(group, charm), ensure_ascii=False, separators=(",", ":"),
                         sort_keys=True) for group in document["groups"]]
    require_known_places(",".join(groups))
    return ",".join(groups)


def alt_uid(charm, path):
    """As grafana_dashboard 0.49 makes it."""
    return hashlib.shake_256(f"{charm}-file:{path.stem}".encode()).hexdigest(8)


FOLDERS = {"grafana_dashboards": packed, "prometheus_alert_rules": rules, "loki_alert_rules": rules}


def literal(root, charm, path, convert):
    """One element of the array."""
    name = path.relative_to(root)
    try:
        content = convert(path, charm)
    except (ValueError, yaml.YAMLError) as fault:
        raise SystemExit(f"{name}: {fault}") from fault
    if END_MARK in content:
        raise SystemExit(f"{name} holds the end mark of its own literal")
    digest = hashlib.sha256(content.encode()).hexdigest()
    uid = alt_uid(charm, path) if convert is packed else ""
    return f'    {{"{name}", "{path.stem}", R"embedded({content}{END_MARK}, "{digest}", "{uid}"}},\n'


def function(root, charm, folder, convert):
    """The definition of one function of cos.hpp."""
    paths = sorted((root / "src/cos" / folder).iterdir())
    elements = "".join(literal(root, charm, path, convert) for path in paths)
    return (f"\nstd::span<const EmbeddedFile> {folder}() noexcept {{\n"
            f"  static constexpr std::array<EmbeddedFile, {len(paths)}> files = {{{{\n"
            f"{elements}  }}}};\n  return files;\n}}\n")


def main(root, output):
    """Writes the source."""
    charm = yaml.safe_load((root / "metadata.yaml").read_text(encoding="utf-8"))["name"]
    functions = "".join(function(root, charm, *folder) for folder in FOLDERS.items())
    output.write_text('#include "cos.hpp"\n\n#include <array>\n\nnamespace charm::cos {\n'
                      f"{functions}\n}}  // namespace charm::cos\n", encoding="utf-8")


main(*map(pathlib.Path, sys.argv[1:]))
