# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""The table, and its broken bounds."""

import statistics

HEADINGS = ("event", "wall, ms", "goal", "own CPU, ms", "goal", "peak RSS, MiB", "hook tools",
            "Pebble", "statements", "instructions")


def spread(numbers, digits=0):
    """Minimum, median and maximum; one number if they are equal, nothing without numbers."""
    if not numbers:
        return ""
    least, median, most = (f"{number:.{digits}f}" for number in
                           (min(numbers), statistics.median(numbers), max(numbers)))
    return least if least == most else f"{least} / {median} / {most}"


def bounded(text, bound):
    return text if bound is None else f"{text} (≤ {bound:g})"


def goal(number):
    return "" if number is None else f"≤ {number:g}"


def row(event, costs):
    if not costs.calls:
        return (event.title, "not measured", *[""] * (len(HEADINGS) - 2))
    pebble = (f"{spread(costs.pebble_requests)} on {spread(costs.pebble_connections)}"
              if costs.pebble_requests else "")
    instructions = costs.instructions and f"{costs.instructions / 1e6:.2f} M"
    limit = event.bounds.instructions and f" (≤ {event.bounds.instructions / 1e6:g} M)"
    return (event.title, spread(costs.wall_ms, 1), goal(event.goal_ms),
            spread(costs.own_cpu_ms, 1), goal(event.goal_cpu_ms), spread(costs.rss_mib, 1),
            bounded(spread(costs.calls, 0 if costs.calls[0] % 1 == 0 else 1), event.bounds.calls),
            bounded(pebble, pebble and event.bounds.pebble_requests or None), spread(costs.statements),
            f"{instructions}{limit}" if instructions else "")


def table(results):
    """Markdown, in columns."""
    rows = [HEADINGS, *(row(event, costs) for event, costs in results)]
    widths = [max(len(cell) for cell in column) for column in zip(*rows)]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths)) + " |"
             for cells in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines + ["", "Least / median / greatest. Pebble: requests on connections. "
                              "(≤ n) is a bound, a goal is none."])


def most(numbers):
    return max(numbers, default=None)


def broken_bounds(results):
    """One line for each broken bound."""
    broken = []
    for event, costs in results:
        found = {"hook tool calls": (most(costs.calls), event.bounds.calls),
                 "Pebble requests": (most(costs.pebble_requests), event.bounds.pebble_requests),
                 "connections to Pebble": (most(costs.pebble_connections),
                                           event.bounds.pebble_connections),
                 "MiB of peak RSS": (most(costs.rss_mib), event.bounds.rss_mib),
                 "instructions": (costs.instructions, event.bounds.instructions)}
        broken += [f"{event.title}: {number:g} {what} are more than {bound:g}"
                   for what, (number, bound) in found.items()
                   if number is not None and bound is not None and number > bound]
    return broken
