# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Rules about the declarations in the charm's YAML files for Juju and Charmhub."""

import re

from charm_file import check_yaml
from rules import rule

BASE = ("ubuntu", "24.04")
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# The form that Juju's parser accepts. Charmhub warns of underscores.
ACTION_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
OPTION_TYPES = {"string": str, "int": int, "float": (int, float), "boolean": bool, "secret": str}


def mapping(value):
    return value if isinstance(value, dict) else {}


def endpoints(charm):
    for role in check_yaml.ROLES:
        for name, details in mapping(charm.document("metadata.yaml").get(role)).items():
            yield role, name, mapping(details)


def options(charm):
    return mapping(charm.document("config.yaml").get("options"))


def actions(charm):
    return {name: mapping(details) for name, details in charm.document("actions.yaml").items()}


@rule("declaration", "yaml", "Every YAML file is one mapping in which no key stands twice.")
def yaml_files(charm):
    for name in charm.by_name:
        if name.endswith(".yaml") and not charm.document(name):
            yield f"{name} cannot be read, or says nothing"


@rule("declaration", "manifest", "manifest.yaml names the base and one architecture: without it Juju refuses containers.")
def manifest(charm):
    bases = charm.document("manifest.yaml").get("bases") or []
    found = [(base.get("name"), str(base.get("channel")).split("/")[0]) for base in bases]
    if found != [BASE]:
        yield f"the bases are {found} instead of {[BASE]}"
    elif len(bases[0].get("architectures") or []) != 1:
        yield f"the architectures are {bases[0].get('architectures')}"


@rule("declaration", "file-name", "The .charm is named after the charm and the platform.")
def file_name(charm):
    bases = charm.document("manifest.yaml").get("bases") or [{}]
    platform = (bases[0].get("architectures") or ["?"])[0]
    expected = f"{charm.document('metadata.yaml').get('name')}_{platform}.charm"
    if charm.path.name != expected:
        yield f"it is called {charm.path.name} instead of {expected}"


@rule("declaration", "metadata", "metadata.yaml has what Juju needs and Charmhub shows, each in its form.")
def metadata(charm):
    for fault in check_yaml.schema_faults("metadata", charm.document("metadata.yaml")):
        if "'optional' is a required property" not in fault:  # A separate rule covers this.
            yield fault


@rule("declaration", "optional", "Every endpoint says whether it is optional.")
def optional(charm):
    for role, name, details in endpoints(charm):
        if not isinstance(details.get("optional"), bool):
            yield f"{role}/{name} does not"


@rule("declaration", "endpoints", "Endpoint names are unique, not Juju's, and in a role no interface stands twice.")
def endpoint_names(charm):
    seen = {}
    for role, name, details in endpoints(charm):
        if name.startswith("juju"):
            yield f"{role}/{name} begins with juju, which Juju keeps to itself"
        for key in (name, (role, details.get("interface"))):
            if key in seen:
                yield f"{role}/{name} clashes with {seen[key]}"
            seen[key] = name


@rule("declaration", "references", "Containers, resources and storage name one another without a gap.")
def references(charm):
    document = charm.document("metadata.yaml")
    if all(isinstance(document.get(key), dict) for key in ("containers", "resources", "storage")):
        yield from check_yaml.reference_faults(document)


@rule("declaration", "option-names", "Option names are lower-case words joined by hyphens.")
def option_names(charm):
    for name in options(charm):
        if not NAME.fullmatch(str(name)):
            yield f"the option {name}"


@rule("declaration", "option-types", "Every option has a type that Juju knows, a default of that type unless it is a secret, and a description.")
def option_types(charm):
    for name, details in options(charm).items():
        kind = OPTION_TYPES.get(mapping(details).get("type"))
        if kind is None:
            yield f"{name} has the type {mapping(details).get('type')}"
            continue
        default = details.get("default")
        if details["type"] == "secret":
            # The secrets of a model are unknown until the model exists.
            if default is not None:
                yield f"{name} is a secret with a default"
        elif not isinstance(default, kind) or isinstance(default, bool) != (kind is bool):
            yield f"{name} is a {details['type']} with the default {default!r}"
        if not details.get("description"):
            yield f"{name} has no description"


@rule("declaration", "action-names", "Action and parameter names are lower-case words joined by hyphens, not Juju's own.")
def action_names(charm):
    for action, details in actions(charm).items():
        if not ACTION_NAME.fullmatch(str(action)) or str(action).startswith("juju"):
            yield f"the action {action}"
        for parameter in mapping(details.get("params")):
            if not NAME.fullmatch(str(parameter)):
                yield f"the parameter {parameter} of {action}"


@rule("declaration", "additional-properties", "Every action says whether it takes other parameters: Juju 4 turns the default.")
def additional_properties(charm):
    for action, details in actions(charm).items():
        if not isinstance(details.get("additionalProperties"), bool):
            yield f"{action} does not"


@rule("declaration", "parameters", "Actions are described, and their parameters typed, described and there if required.")
def parameters(charm):
    for fault in check_yaml.parameter_faults(actions(charm)):
        yield fault
    for action, details in actions(charm).items():
        if not details.get("description"):
            yield f"{action} has no description"
        for name, parameter in mapping(details.get("params")).items():
            if not {"type", "description"} <= mapping(parameter).keys():
                yield f"the parameter {name} of {action} lacks type or description"
