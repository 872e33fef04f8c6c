# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""docs/reference/metrics.md, from a recorded scrape and the texts in metrics.yaml."""

import re

from . import markdown, sources
from .fault import Fault, require_same

SCRAPE = "tests/data/hockeypuck/metrics.txt"
TEXTS = "docs/generator/metrics.yaml"
SERIES = re.compile(r"^(\w+)(?:\{(.*)\})? ")
# Labels that each histogram or summary has.
OF_THE_TYPE = {"le", "quantile"}
PARTS = ("_bucket", "_sum", "_count")


def page(root):
    explained = sources.texts(root, "metrics")
    scraped = types(root)
    own = {name: kind for name, kind in scraped.items() if family(name, explained["families"]) is None}
    require_same("metric", own, explained["metrics"], TEXTS)
    labels = labels_of(root, scraped)
    require_same("label", shown_labels(labels, own), explained["labels"], TEXTS)
    rows = [[markdown.code(name), kind, shown(labels[name]), explained["metrics"][name]]
            for name, kind in own.items()]
    return markdown.page(
        "Metrics", f"{SCRAPE} and {TEXTS}", explained["introduction"].strip(),
        "## Keyserver",
        markdown.table(["metric", "type", "labels", "meaning"], rows),
        explained["unrecorded"].strip(),
        "## Labels",
        markdown.table(["label", "values"],
                       [[markdown.code(name), text] for name, text in explained["labels"].items()]),
        "## Process and Go",
        *[family_part(prefix, text, scraped) for prefix, text in explained["families"].items()])


def types(root):
    """The type of each metric of the scrape, in its order."""
    return dict(re.findall(r"^# TYPE (\w+) (\w+)$", (root / SCRAPE).read_text(), re.MULTILINE))


def family(name, families):
    return next((prefix for prefix in families if name.startswith(prefix)), None)


def base_name(series, scraped):
    for part in PARTS:
        if series.endswith(part) and series.removesuffix(part) in scraped:
            return series.removesuffix(part)
    return series


def labels_of(root, scraped):
    labels = {name: set() for name in scraped}
    for line in (root / SCRAPE).read_text().splitlines():
        series = SERIES.match(line)
        if not series:
            continue
        name = base_name(series.group(1), scraped)
        if name not in labels:
            raise Fault([f"{SCRAPE}: {name} has no # TYPE"])
        labels[name] |= set(re.findall(r'(\w+)="', series.group(2) or ""))
    return labels


def shown(labels):
    return ", ".join(markdown.code(label) for label in sorted(labels - OF_THE_TYPE))


def shown_labels(labels, names):
    return sorted(set().union(*(labels[name] for name in names)) - OF_THE_TYPE)


def family_part(prefix, text, scraped):
    names = [name for name in scraped if name.startswith(prefix)]
    return f"{text.strip()}\n\n" + markdown.fenced("text", "\n".join(names))
