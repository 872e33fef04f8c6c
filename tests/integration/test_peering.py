# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Two keyservers in two models reconcile, and one of them loses its database for a moment."""

import json
import pathlib

import pytest

from conftest import ALICE, KEYSERVER, Client, hkp, settle

KEY = pathlib.Path(__file__).parents[1] / "data/e2e/alice.asc"


@pytest.fixture(scope="module")
def models(juju_factory, charm_file, resources):
    models = [juju_factory.get_juju(suffix=name) for name in ("first", "second")]
    for juju in models:
        juju.deploy(charm_file, KEYSERVER, resources=resources, config={"recon-interval": 5})
        juju.deploy("postgresql-k8s", channel="14/stable", trust=True)
        juju.integrate(f"{KEYSERVER}:database", "postgresql-k8s")
    for juju in models:
        settle(juju)
    return models


def pod(juju):
    model = juju.status().model.name
    return f"{KEYSERVER}-0.{KEYSERVER}-endpoints.{model}.svc.cluster.local"


def test_a_key_reaches_the_peer(models):
    first, second = models
    first.config(KEYSERVER, {"external-peers": f"{pod(second)},11371,11370"})
    second.config(KEYSERVER, {"external-peers": f"{pod(first)},11371,11370"})
    for juju in models:
        settle(juju)
    Client(first, "postgresql-k8s/0").ask(f"{hkp(first)}/add", {"keytext": KEY.read_text()})
    Client(second, "postgresql-k8s/0").wait_for(f"{hkp(second)}/lookup?op=get&search=0x{ALICE}",
                                                lambda answer: "PUBLIC KEY" in answer)
    results = second.run(f"{KEYSERVER}/leader", "show-peers").results
    [peer] = json.loads(results["json"])["peers"]
    assert peer["verdict"] == "ok"


def test_the_keyserver_survives_a_restarted_database(models):
    _, juju = models
    juju.ssh("postgresql-k8s/0", "pkill -KILL postgres || true", container="postgresql")
    settle(juju)
    Client(juju, "postgresql-k8s/0").wait_for(f"{hkp(juju)}/lookup?op=get&search=0x{ALICE}",
                                              lambda answer: "PUBLIC KEY" in answer)
