# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""The rehearsed model for all measurements."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import urllib.parse
import urllib.request

APP = "hockeypuck-k8s"
UNIT = f"{APP}/0"
DATABASE = "postgresql-k8s"
NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
PARTNERS = ("traefik-k8s", "prometheus-k8s", "grafana-k8s", "loki-k8s")


class Model:
    """A separate model in a temporary folder, run only with `rehearse`."""

    def __init__(self, rehearse, is_ours, clock="machine"):
        self._is_ours = is_ours
        self._clock = clock
        self._program = os.path.abspath(rehearse)

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bench."))
        os.environ["REHEARSAL_DIR"] = str(self.folder)
        os.environ["REHEARSAL_CHARM_CLOCK"] = self._clock
        return self

    def __exit__(self, *_):
        subprocess.run(self.command("destroy-model", "--no-prompt"), capture_output=True,
                       check=False)
        shutil.rmtree(self.folder)

    def command(self, *arguments):
        return [self._program, "--quiet", "--model", "bench", *arguments]

    def rehearse(self, *arguments, under=()):
        """Runs a command of `rehearse`, perhaps under another program. Returns its output."""
        done = subprocess.run([*under, *self.command(*arguments)], capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            raise SystemExit(f"rehearse {' '.join(arguments)[:200]} ended with {done.returncode}: "
                             f"{done.stdout}{done.stderr}")
        return done.stdout

    def deploy_all(self, charm, units=1):
        """Makes all integrations, and runs hooks until no work is left."""
        for name in (DATABASE, *PARTNERS):
            self.rehearse("deploy", name)
        self.rehearse("deploy", charm, APP)
        self.rehearse("integrate", APP, DATABASE)
        self.rehearse("integrate", f"{APP}:traefik-route", "traefik-k8s:traefik-route")
        self.rehearse("integrate", f"{APP}:ingress", "traefik-k8s:ingress")
        for name in PARTNERS[1:]:
            self.rehearse("integrate", APP, name)
        self.rehearse("scale", APP, str(units))
        self.rehearse("wait", "--for", "active", "--timeout", "180s")
        for _ in range(4):
            self.rehearse("advance", "5m")
        self.sql("ALTER SYSTEM SET log_statement = 'all'")
        self.sql("ALTER SYSTEM SET log_line_prefix = '%d of client '")
        self.sql("SELECT pg_reload_conf()")
        port = self.rehearse("port-forward", "--detach", UNIT, "0:11371").strip()
        self._keyserver = f"http://127.0.0.1:{port}"

    def run(self, action, parameters, under=()):
        """Runs an action and returns its results. A failure is an error."""
        file = self.folder / "parameters"
        file.write_text(json.dumps(parameters))  # JSON is YAML.
        shown = self.rehearse("run", "--format", "json", UNIT, action, "--params", str(file),
                              under=under)
        task = json.loads(shown)[UNIT]
        if task.get("status") != "completed":
            raise SystemExit(f"{action} did not succeed: {str(task)[:500]}")
        return task["results"]

    def expect(self, results, **numbers):
        """Another charm may have other messages."""
        if not self._is_ours:
            return
        found = {key: results.get(key) for key in numbers}
        if found != {key: str(number) for key, number in numbers.items()}:
            raise SystemExit(f"the action came to {found}, not to {numbers}")

    def hour(self):
        """The calls of hook tools of all update-status in an hour of the model's clock."""
        number = self.records()[-1]["number"]
        for _ in range(12):
            self.rehearse("advance", "5m")
        return [record["tool-calls"] for record in self.records()
                if record["number"] > number and record["event"] == "update-status"]

    def records(self):
        return json.loads(self.rehearse("show-hooks", UNIT, "--format", "json"))

    def sql(self, query):
        self.rehearse("run", "--string-args", f"{DATABASE}/leader", "sql", f"query={query}")

    def upload(self, keys):
        """Uploads armored keys."""
        for key in keys:
            body = urllib.parse.urlencode({"keytext": key}).encode()
            NO_PROXY.open(f"{self._keyserver}/pks/add", body, timeout=30).close()

    def container(self, unit, name):
        """The log of a pod's container, with the output of Pebble and its services."""
        return self.folder / "bench/machine/pods" / unit.replace("/", "-") / f"{name}.log"

    def dispatch(self):
        """The unit's copy of the charm's program."""
        agent = f"unit-{UNIT.replace('/', '-')}"
        return (self.folder / "bench/machine/pods" / UNIT.replace("/", "-") /
                f"charm/var/lib/juju/agents/{agent}/charm/dispatch")
