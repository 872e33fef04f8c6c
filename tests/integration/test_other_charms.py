# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Two small charms that share no code with ours: one in bash, and one on ops.

They show that the rehearsal offers what such charms use, and that it is what Juju offers.
"""

import json
import pathlib
import shutil
import subprocess
import sys

import jubilant
import pytest

from conftest import address, settle

CHARMS = pathlib.Path(__file__).parent / "charms"
MANIFEST = "bases: [{name: ubuntu, channel: '24.04', architectures: [amd64]}]\n"


def pack(name, folder):
    """Returns a .charm file, with the packages of requirements.txt in venv."""
    content = folder / name
    shutil.copytree(CHARMS / name, content)
    (content / "manifest.yaml").write_text(MANIFEST)
    requirements = content / "requirements.txt"
    if requirements.exists():
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--requirement",
                        requirements, "--target", content / "venv"], check=True)
    archive = pathlib.Path(shutil.make_archive(str(content), "zip", content))
    return archive.rename(archive.with_suffix(".charm"))


def act(juju, unit, action, **params):
    return juju.run(unit, action, params).results


@pytest.fixture(scope="module")
def charms(juju, workload_image, tmp_path_factory):
    folder = tmp_path_factory.mktemp("charms")
    for name in ("bash", "ops"):
        juju.deploy(pack(name, folder), name, resources={"web-image": workload_image})
    juju.wait(lambda status: jubilant.all_active(status, "bash")
              and jubilant.all_blocked(status, "ops"), timeout=600)
    juju.integrate("bash:token", "ops:token")
    settle(juju)


def test_a_shared_secret_reaches_the_workload_of_the_other_charm(juju, charms):
    assert act(juju, "ops/0", "show")["token"] == "first"
    act(juju, "bash/0", "rotate", value="second")
    juju.wait(lambda _: act(juju, "ops/0", "show")["token"] == "second", timeout=120)


def test_the_charms_know_their_model(juju, charms):
    shown = act(juju, "ops/0", "show")
    assert shown["address"] == address(juju, "ops/0")
    assert shown["units"] == "1"
    assert shown["status"] == "active"
    assert shown["storage"].startswith("/var/lib/juju/storage/data/")
    goal = json.loads(act(juju, "bash/0", "show")["goal"])
    assert goal["units"]["bash/0"]["status"] == "active"
    assert goal["relations"]["token"]["ops/0"]["status"] == "active"


def test_a_lost_pod_comes_back_with_its_storage(juju, charms, delete_pod):
    for unit in ("bash/0", "ops/0"):
        old = address(juju, unit)
        juju.ssh(unit, "touch /data/kept", container="web")
        delete_pod(unit, lost=True)
        juju.wait(lambda _: address(juju, unit) != old, timeout=600)
        settle(juju)
        assert juju.ssh(unit, "ls /data", container="web").split() == ["kept", "token"]
    assert act(juju, "ops/0", "show")["token"] == "second"


def test_a_notice_reaches_the_charm(juju, charms, rehearsal):
    """The last tests use what the rehearsal's stand-in for Pebble does not have."""
    if rehearsal and not shutil.which("pebble"):
        pytest.skip("needs Pebble")
    act(juju, "bash/0", "notify")
    juju.wait(lambda _: act(juju, "bash/0", "show").get("notice") == "example.com/hello",
              timeout=120)


def test_a_charm_runs_a_command_in_its_workload_container(juju, charms, rehearsal):
    if rehearsal and not shutil.which("pebble"):
        pytest.skip("needs Pebble")
    assert act(juju, "ops/0", "run", command="cat /data/token")["output"] == "second"
