# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""docs/reference/ports.md, from the constants of the C++ headers."""

import re

from . import markdown, sources
from .fault import Fault, require_same

HEADERS = "include/charm"
TEXTS = "docs/generator/ports.yaml"


def page(root):
    explained = sources.texts(root, "ports")
    listening = listening_ports(root)
    outgoing = outgoing_ports(root)
    require_same("port", listening, explained["listening"], TEXTS)
    require_same("port", outgoing, explained["outgoing"], TEXTS)
    return markdown.page(
        "Ports", f"{HEADERS} and {TEXTS}", explained["introduction"].strip(),
        "## Ports on which the keyserver listens",
        markdown.table(["port", "purpose", "reached through", "open to"], rows(listening, explained["listening"])),
        "## Ports to which the pod connects",
        markdown.table(["port", "server", "when", "option or integration"], rows(outgoing, explained["outgoing"])),
        explained["closing"].strip())


def rows(ports, texts):
    return [[f"TCP {port}", *texts[name]] for name, port in ports.items()]


def listening_ports(root):
    """The ports in `hockeypuck::ports()`, which Juju opens, by the names of their constants."""
    constants = sources.integer_constants(root / HEADERS / "hockeypuck/hockeypuck.hpp")
    source = (root / "src/hockeypuck/workload.cpp").read_text()
    found = re.search(r"std::set<int> ports\(\) \{\s*return \{([^}]*)\};", source)
    if not found:
        raise Fault(["src/hockeypuck/workload.cpp: ports() is not where it was"])
    return {name: constants[name] for name in re.findall(r"\w+", found.group(1))}


def outgoing_ports(root):
    defaults = {"database": ("domain/database.hpp", "port"), "peer_http": ("options/settings.hpp", "http_port"),
                "peer_recon": ("options/settings.hpp", "recon_port")}
    return {name: sources.member_default(root / HEADERS / header, member)
            for name, (header, member) in defaults.items()}
