# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""docs/reference/alerts.md, from the rules that the charm sends to Prometheus and Loki."""

import re

from . import markdown, metrics, sources
from .fault import Fault, require_same

RULES = {"Prometheus": "src/cos/prometheus_alert_rules", "Loki": "src/cos/loki_alert_rules"}
TEXTS = "docs/generator/alerts.yaml"
TOPOLOGY = "%%juju_topology%%"
# What Prometheus itself makes for each target.
PROMETHEUS_OWN = {"up"}


def page(root):
    explained = sources.texts(root, "alerts")
    found = {receiver: rules(root / folder) for receiver, folder in RULES.items()}
    names = [rule["alert"] for group in found.values() for rule in group]
    require_same("alert", names, explained["what-to-do"], TEXTS)
    require_known_metrics(root, found["Prometheus"])
    parts = []
    for receiver, group in found.items():
        parts += [f"## Rules for {receiver}", overview(group),
                  *[section(rule, receiver, explained["what-to-do"]) for rule in group]]
    return markdown.page("Alerts", f"src/cos and {TEXTS}", explained["introduction"].strip(), *parts)


def rules(folder):
    return [rule for path in sorted(folder.glob("*.rule"))
            for group in sources.read_yaml(path)["groups"] for rule in group["rules"]]


def require_known_metrics(root, group):
    """A rule for a metric that the keyserver does not have would never fire."""
    known = set(metrics.types(root)) | PROMETHEUS_OWN
    lines = []
    for rule in group:
        for name in re.findall(r"(\w+)\{" + TOPOLOGY, rule["expr"]):
            if metrics.base_name(name, known) not in known:
                lines.append(f"src/cos: {rule['alert']} uses the unknown metric {name}")
    if lines:
        raise Fault(lines)


def overview(group):
    return markdown.table(
        ["alert", "severity", "after"],
        [[f"[{rule['alert']}](#{rule['alert'].lower()})", rule["labels"]["severity"], delay(rule)]
         for rule in group])


def delay(rule):
    return "immediately" if rule["for"] == "0m" else rule["for"]


def section(rule, receiver, what_to_do):
    annotations = rule["annotations"]
    language = {"Prometheus": "promql", "Loki": "logql"}[receiver]
    expression = rule["expr"].replace(TOPOLOGY, "…").strip()
    return "\n\n".join([
        f"### {rule['alert']}",
        f"*{readable(annotations['summary'])}* {readable(annotations['description'])}",
        f"**What to do:** {markdown.one_line(what_to_do[rule['alert']])}",
        markdown.fenced(language, expression)])


def readable(annotation):
    """A template of Prometheus as people read it: `{{ $labels.juju_unit }}` is the unit."""
    def word(match):
        named = re.search(r"\$labels\.(?:juju_)?(\w+)", match.group())
        return f"<{named.group(1) if named else 'value'}>"

    return markdown.one_line(re.sub(r"\{\{.*?\}\}", word, annotation)).replace("<", "‹").replace(">", "›")
