#!/usr/bin/env python3
# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Checks the YAML files of a charm: check_yaml.py [CHARM-ROOT]

Each file must follow the schema next to this script. Further rules span several entries. Prints
one line for each fault and exits with 1 if there is any.
"""

import json
import pathlib
import sys

import jsonschema
import yaml

SCHEMAS = pathlib.Path(__file__).resolve().parent
FILES = ("metadata", "config", "actions", "charmcraft")
ROLES = ("provides", "requires", "peers")


class StrictLoader(yaml.SafeLoader):
    """Rejects a duplicate key in one mapping. YAML would keep the last one."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=deep)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def schema_faults(name, document):
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    for error in jsonschema.Draft202012Validator(schema).iter_errors(document):
        where = "/".join(str(step) for step in error.absolute_path) or "top level"
        yield f"{name}.yaml: {where}: {error.message}"


def endpoint_faults(metadata):
    """Juju has one namespace for all names, and `juju integrate` needs names if interfaces repeat."""
    seen = {}
    for role in ROLES:
        for endpoint, details in metadata[role].items():
            for key in ((endpoint,), (role, details["interface"])):
                if key in seen:
                    yield f"metadata.yaml: {role}/{endpoint}: clashes with {seen[key]}"
                seen[key] = endpoint


def reference_faults(metadata):
    """A container may name only existing resources and storage, and must name each of them."""
    containers = metadata["containers"].values()
    resources = {container["resource"] for container in containers}
    storages = {mount["storage"] for container in containers for mount in container.get("mounts", [])}
    for kind, used in (("resources", resources), ("storage", storages)):
        for name in sorted(used ^ set(metadata[kind])):
            yield f"metadata.yaml: {kind}/{name}: must be both defined and used by a container"


def parameter_faults(actions):
    for action, details in actions.items():
        for name in sorted(set(details.get("required", [])) - set(details.get("params", {}))):
            yield f"actions.yaml: {action}: requires {name}, which is no parameter"


def faults(root):
    documents = {}
    for name in FILES:
        try:
            documents[name] = yaml.load((root / f"{name}.yaml").read_text(), StrictLoader)
        except (OSError, yaml.YAMLError) as error:
            return [f"{name}.yaml: {' '.join(str(error).split())}"]
    found = [fault for name in FILES for fault in schema_faults(name, documents[name])]
    if not found:  # The rules require the right shape.
        found += endpoint_faults(documents["metadata"])
        found += reference_faults(documents["metadata"])
        found += parameter_faults(documents["actions"])
    return found


def main():
    found = faults(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "."))
    for fault in found:
        print(fault, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
