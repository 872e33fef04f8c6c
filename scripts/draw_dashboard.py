#!/usr/bin/env python3
# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Draws a Grafana dashboard as a picture from the answers of Prometheus and Loki.

Fails if a panel is empty. Only the drawing itself needs matplotlib.
"""

import argparse
import io
import json
import math
import pathlib
import re
import sys
import time as clock
import urllib.parse
import urllib.request

DAY = 86400  # Seconds; matplotlib counts days.
WIDTH, ROW, GAP = 1200, 32, 8  # Pixels.
COLUMNS = 24  # The width of Grafana's grid.
PAGE, PANEL, LINE, TEXT, DIM = "#111217", "#181b1f", "#2c2f34", "#d8d9da", "#9fa7b3"
GREEN, RED = "#73bf69", "#f2495c"
PALETTE = [GREEN, "#f2cc0c", "#5794f2", "#ff9830", RED, "#b877d9"]
COUNTED = re.compile(r"sum by \((\w+)\) \(count_over_time\((.+) \[[^\]]+\]\)\)")


class EmptyPanel(Exception):
    pass


def filled_in(expression, variables):
    """Replaces Grafana's variables with values."""
    # Longer names come first, because they begin with shorter ones.
    for name in sorted(variables, key=len, reverse=True):
        expression = expression.replace("$" + name, variables[name])
    return expression


def legend(pattern, labels):
    return re.sub(r"{{\s*(\w+)\s*}}", lambda match: labels.get(match[1], ""), pattern).strip()


def formatted(value, unit):
    """Returns a value as Grafana shows it, in the units of our dashboard."""
    if math.isinf(value):
        return "+Inf"
    if unit == "percentunit":
        return f"{100 * value:.3g} %"
    if unit == "bytes":
        return f"{value / 2**20:.3g} MiB"
    if unit == "reqps":
        return f"{value:.3g} req/s"
    if unit == "s":
        for size, name in ((3600, "h"), (60, "min"), (1, "s")):
            if value >= size:
                return f"{value / size:.3g} {name}"
        return f"{1000 * value:.3g} ms"
    return f"{value:.3g}"


def ask(url, path, parameters):
    query = urllib.parse.urlencode(parameters)
    with urllib.request.urlopen(f"{url}{path}?{query}", timeout=30) as answer:
        return json.load(answer)["data"]["result"]


class Sources:
    """Prometheus and Loki within a span of time. A series has a name, and values by time."""

    def __init__(self, prometheus, loki, span, step, variables):
        self.prometheus, self.loki, self.step = prometheus, loki, step
        self.begin, self.end = span
        self.variables = variables

    def series(self, target):
        expression = filled_in(target["expr"], self.variables)
        if target["datasource"]["type"] == "loki":
            return self.counted_lines(target, expression)
        span = {"start": self.begin, "end": self.end, "step": self.step}
        found = []
        for series in ask(self.prometheus, "/api/v1/query_range", {"query": expression, **span}):
            values = {time: float(value) for time, value in series["values"]}
            finite = {time: value for time, value in values.items() if math.isfinite(value)}
            if finite:
                found.append((legend(target["legendFormat"], series["metric"]), finite))
        return found

    def lines(self, expression):
        """Log lines in order of time, each as seconds, labels and text."""
        parameters = {"query": expression, "limit": 100000}
        found = []
        for stream in ask(self.loki, "/loki/api/v1/query_range", parameters):
            for nanoseconds, text, *_ in stream["values"]:
                time = int(nanoseconds) / 1e9
                if self.begin <= time <= self.end:
                    found.append((time, stream["stream"], text))
        return sorted(found, key=lambda line: line[0])

    def counted_lines(self, target, expression):
        """Counts the lines of each step here: the rehearsal's Loki answers log queries only."""
        label, selector = COUNTED.fullmatch(expression).groups()
        steps = range(self.begin, self.end + 1, self.step)
        found = {}
        for time, labels, _ in self.lines(selector):
            name = legend(target["legendFormat"], {label: labels.get(label, "")})
            values = found.setdefault(name, dict.fromkeys(steps, 0))
            values[steps[int(time - self.begin) // self.step]] += 1
        return sorted(found.items())

    def content(self, panel):
        """The series or lines of a panel. Raises EmptyPanel."""
        if panel["type"] == "logs":
            found = self.lines(filled_in(panel["targets"][0]["expr"], self.variables))
        else:
            found = [series for target in panel["targets"] for series in self.series(target)]
        if not found:
            raise EmptyPanel(panel["title"])
        return found


def per_bucket(series):
    """Turns cumulative buckets into separate numbers, ordered by their bounds."""
    buckets, below = [], {}
    for bound, values in sorted(series, key=lambda bucket: float(bucket[0])):
        alone = {time: value - below.get(time, 0) for time, value in values.items()}
        buckets.append((bound, alone))
        below = values
    return buckets


class Picture:
    def __init__(self, dashboard, sources):
        import matplotlib
        matplotlib.use("Agg")
        import matplotlib.dates
        import matplotlib.pyplot
        import matplotlib.ticker
        self.library = matplotlib
        self.sources = sources
        grids = [panel["gridPos"] for panel in dashboard["panels"]]
        self.height = max(grid["y"] + grid["h"] for grid in grids) * ROW + GAP
        matplotlib.rcParams.update({
            "font.family": "DejaVu Sans", "font.size": 9, "text.parse_math": False,
            "text.color": TEXT, "xtick.color": DIM, "ytick.color": DIM,
            "axes.facecolor": PANEL, "axes.edgecolor": LINE, "grid.color": LINE,
            "axes.grid": True, "axes.axisbelow": True,
            "axes.spines.top": False, "axes.spines.right": False,
            "axes.prop_cycle": matplotlib.cycler(color=PALETTE)})
        self.figure = matplotlib.pyplot.figure(figsize=(WIDTH / 100, self.height / 100), dpi=100)
        for panel in dashboard["panels"]:
            self.draw(panel)

    def save(self, path):
        from PIL import Image  # matplotlib needs it as well.
        drawn = io.BytesIO()
        self.figure.savefig(drawn, facecolor=PAGE)
        Image.open(drawn).convert("RGB").quantize(128).save(path, optimize=True)

    def draw(self, panel):
        grid = panel["gridPos"]
        column = (WIDTH - GAP) / COLUMNS
        left, top = GAP + grid["x"] * column, GAP + grid["y"] * ROW
        width, height = grid["w"] * column - GAP, grid["h"] * ROW - GAP
        if panel["type"] == "row":
            self.write(left + 4, top + 20, "⌄  " + panel["title"], size=12, weight="bold")
            return
        self.figure.add_artist(self.library.patches.Rectangle(
            self.place(left, top + height), width / WIDTH, height / self.height,
            facecolor=PANEL, edgecolor=LINE, zorder=-1))
        self.write(left + 10, top + 20, panel["title"], size=10, weight="bold")
        draw = getattr(self, "draw_" + panel["type"])
        draw(panel, self.sources.content(panel), (left, top, width, height))

    def place(self, x, y):
        """Converts pixels from the upper left corner into a position in the figure."""
        return x / WIDTH, 1 - y / self.height

    def write(self, x, y, text, **style):
        self.figure.text(*self.place(x, y), text, **style)

    def axes(self, box, bottom=52):
        left, top, width, height = box
        axes = self.figure.add_axes([*self.place(left + 66, top + height - bottom),
                                     (width - 82) / WIDTH, (height - bottom - 38) / self.height])
        axes.tick_params(length=0)
        dates = self.library.dates
        axes.xaxis.set_major_formatter(dates.DateFormatter("%H:%M"))
        axes.xaxis.set_major_locator(dates.MinuteLocator(interval=1 if width > WIDTH / 3 else 2))
        axes.set_xlim(self.sources.begin / DAY, self.sources.end / DAY)
        return axes

    def draw_stat(self, panel, series, box):
        defaults = panel["fieldConfig"]["defaults"]
        left, top, width, height = box
        for number, (name, values) in enumerate(series):
            value = values[max(values)]
            colour = GREEN
            for step in defaults.get("thresholds", {}).get("steps", []):
                if step["value"] is None or value >= step["value"]:
                    colour = {"green": GREEN, "red": RED}[step["color"]]
            centre = left + width * (number + 0.5) / len(series)
            self.write(centre, top + height * 0.67, formatted(value, defaults["unit"]),
                       size=19, color=colour, ha="center")
            self.write(centre, top + height * 0.9, name, size=10, ha="center")

    def draw_timeseries(self, panel, series, box):
        defaults = panel["fieldConfig"]["defaults"]
        axes = self.axes(box)
        scale = 2**20 if defaults["unit"] == "bytes" else 1  # Makes the ticks round numbers.
        axes.yaxis.set_major_formatter(lambda value, _: formatted(value * scale, defaults["unit"]))
        times = sorted({time for _, values in series for time in values})
        dates = [time / DAY for time in times]
        if defaults.get("custom", {}).get("stacking", {}).get("mode") == "normal":
            stacked = [[values.get(time, 0) for time in times] for _, values in series]
            axes.stackplot(dates, stacked, labels=[name for name, _ in series], alpha=0.6)
        else:
            for name, values in series:
                curve = [values.get(time, math.nan) / scale for time in times]
                axes.plot(dates, curve, label=name, linewidth=1.4)
        axes.set_ylim(bottom=defaults.get("min"), top=max(axes.get_ylim()[1], 1e-3))
        axes.yaxis.set_major_locator(self.library.ticker.MaxNLocator(5))
        entry = 30 + 6 * max(len(name) for name, _ in series)
        left, top, width, height = box
        axes.legend(loc="lower left", bbox_to_anchor=self.place(left + 2, top + height - 2),
                    bbox_transform=self.figure.transFigure, ncol=max(1, int(width / entry)),
                    fontsize=8, frameon=False, handlelength=1, columnspacing=1)

    def draw_heatmap(self, panel, series, box):
        axes = self.axes(box, bottom=30)
        buckets = per_bucket(series)
        times = sorted({time for _, values in buckets for time in values})
        cells = [[values.get(time, 0) or math.nan for time in times] for _, values in buckets]
        axes.pcolormesh([time / DAY for time in times], range(len(buckets)), cells,
                        shading="nearest", cmap=panel["options"]["color"]["scheme"] + "_r")
        unit = panel["fieldConfig"]["defaults"]["unit"]
        bounds = [formatted(float(bound), unit) for bound, _ in buckets]
        axes.set_yticks(range(0, len(bounds), 2), bounds[::2])

    def draw_logs(self, panel, lines, box):
        left, top, width, height = box
        space, character = 17, 7.6
        newest_first = lines[:-int(height - 40) // space:-1]
        for number, (time, _, text) in enumerate(newest_first):
            shown = clock.strftime("%H:%M:%S  ", clock.gmtime(time)) + text
            self.write(left + 10, top + 46 + number * space, shown[:int((width - 20) / character)],
                       size=9, family="DejaVu Sans Mono",
                       color=RED if "level=error" in text else TEXT)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dashboard", type=pathlib.Path)
    parser.add_argument("picture", type=pathlib.Path)
    parser.add_argument("--prometheus", required=True, help="its URL")
    parser.add_argument("--loki", required=True, help="its URL")
    parser.add_argument("--span", type=int, nargs=2, required=True,
                        help="begin and end, in seconds since 1970")
    parser.add_argument("--step", type=int, default=2, help="in seconds")
    parser.add_argument("--set", nargs=2, action="append", default=[],
                        help="a variable of the dashboard and its value")
    arguments = parser.parse_args()
    sources = Sources(arguments.prometheus, arguments.loki, arguments.span, arguments.step,
                      dict(arguments.set))
    dashboard = json.loads(arguments.dashboard.read_text())
    try:
        Picture(dashboard, sources).save(arguments.picture)
    except EmptyPanel as error:
        sys.exit(f"the panel {error} is empty")


if __name__ == "__main__":
    main()
