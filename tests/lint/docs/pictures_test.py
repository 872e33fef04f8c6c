#!/usr/bin/env python3
# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Tests the decisions of the scripts before they draw."""

import pathlib
import sys
import unittest
import xml.etree.ElementTree

sys.path.append(str(pathlib.Path(__file__).parents[3] / "scripts"))

import draw_dashboard
import draw_demo


class DrawDemo(unittest.TestCase):
    output = ("pebble: found\n\n\033[1m== A key\033[0m\nkey\n\n"
              "\033[1m== rehearse <b>\033[0m\n1\n2\n\n3\n\n== Last\n4\n")

    def setUp(self):
        self.addCleanup(setattr, draw_demo, "SHOWN", draw_demo.SHOWN)
        draw_demo.SHOWN = [("rehearse", 2)]

    def test_parts_that_are_left_out_are_counted(self):
        self.assertEqual(draw_demo.shortened(self.output),
                         ["$ make demo", "pebble: found", "… 2 more lines", "",
                          "== rehearse <b>", "1", "2", "… 3 more lines"])

    def test_a_part_that_the_demo_has_lost_is_an_error(self):
        draw_demo.SHOWN = [("gone", 2)]
        with self.assertRaisesRegex(ValueError, "gone"):
            draw_demo.shortened(self.output)

    def test_commands_are_highlighted(self):
        lines = ["$ make demo", "== rehearse status", "== A key", "… 2 more lines", "1"]
        self.assertEqual([draw_demo.kind(line) for line in lines],
                         ["command", "command", "heading", "cut", ""])

    def test_a_picture_is_xml_with_every_line(self):
        lines = draw_demo.shortened(self.output)
        root = xml.etree.ElementTree.fromstring(draw_demo.svg(lines))
        texts = ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]
        self.assertEqual(texts, lines)


class DrawDashboard(unittest.TestCase):
    def target(self, expression, kind="prometheus"):
        return {"expr": expression, "legendFormat": "{{juju_unit}}", "datasource": {"type": kind}}

    def sources(self, **answers):
        sources = draw_dashboard.Sources("prometheus", "loki", (100, 104), 2, {"juju_unit": ".*"})
        self.addCleanup(setattr, draw_dashboard, "ask", draw_dashboard.ask)
        draw_dashboard.ask = lambda url, path, parameters: answers[url]
        return sources

    def test_longer_variables_are_filled_in_first(self):
        variables = {"juju_model": "a", "juju_model_uuid": "b"}
        self.assertEqual(draw_dashboard.filled_in("$juju_model $juju_model_uuid", variables), "a b")

    def test_a_series_is_named_by_its_labels(self):
        answer = [{"metric": {"juju_unit": "h/0"}, "values": [[100, "1"], [102, "NaN"]]}]
        series = self.sources(prometheus=answer).series(self.target("up"))
        self.assertEqual(series, [("h/0", {100: 1.0})])

    def test_a_panel_without_a_finite_value_is_empty(self):
        panel = {"type": "timeseries", "title": "CPU", "targets": [self.target("up")]}
        with self.assertRaisesRegex(draw_dashboard.EmptyPanel, "CPU"):
            self.sources(prometheus=[{"metric": {}, "values": [[100, "NaN"]]}]).content(panel)
        with self.assertRaisesRegex(draw_dashboard.EmptyPanel, "CPU"):
            self.sources(prometheus=[]).content(panel)

    def test_log_lines_are_counted_by_step(self):
        values = [["100500000000", "a"], ["101500000000", "b"], ["103000000000", "c"],
                  ["99000000000", "before"]]
        sources = self.sources(loki=[{"stream": {"juju_unit": "h/0"}, "values": values}])
        query = 'sum by (juju_unit) (count_over_time({a="b"} |~ `c` [$__interval]))'
        self.assertEqual(sources.series(self.target(query, "loki")), [("h/0", {100: 2, 102: 1, 104: 0})])

    def test_cumulative_buckets_are_split(self):
        cumulative = [("+Inf", {1: 5}), ("0.1", {1: 2}), ("1", {1: 4})]
        self.assertEqual(draw_dashboard.per_bucket(cumulative),
                         [("0.1", {1: 2}), ("1", {1: 2}), ("+Inf", {1: 1})])

    def test_values_have_their_unit(self):
        for value, unit, shown in [(0.0051, "s", "5.1 ms"), (90, "s", "1.5 min"),
                                   (0.5, "percentunit", "50 %"), (3 * 2**20, "bytes", "3 MiB"),
                                   (2, "reqps", "2 req/s"), (7, "short", "7")]:
            self.assertEqual(draw_dashboard.formatted(value, unit), shown)


if __name__ == "__main__":
    unittest.main()
