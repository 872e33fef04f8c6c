# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""The work of an operator: every action, options, units, backups and a new revision."""

import json
import pathlib

import jubilant
import pytest

from conftest import ALICE, CAROL, KEYSERVER, Client, hkp, settle

LEADER = f"{KEYSERVER}/leader"
KEYS = pathlib.Path(__file__).parents[1] / "data/e2e"
DUMP = "/hockeypuck/data/dump"
BLOCK_LIST = "/hockeypuck/data/block-list.csv"
POSTGRESQL = "postgresql-k8s/0"
BACKUP = "/tmp/keys.dump"


@pytest.fixture(scope="module")
def client(juju, charm_file, resources):
    juju.deploy(charm_file, KEYSERVER, resources=resources)
    juju.deploy("postgresql-k8s", channel="14/stable", trust=True)
    juju.integrate(f"{KEYSERVER}:database", "postgresql-k8s")
    settle(juju)
    return Client(juju, "postgresql-k8s/0")


def act(juju, action, unit=LEADER, **params):
    """Runs an action and returns its results. A failed action is a jubilant.TaskError."""
    params = {key.replace("_", "-"): value for key, value in params.items()}
    return juju.run(unit, action, params, wait=300).results


def as_superuser(juju, program, *arguments):
    """Runs a program of PostgreSQL in its container, as docs/how-to/back-up-and-restore.md does."""
    password = act(juju, "get-password", POSTGRESQL, username="operator")["password"]
    juju.ssh(POSTGRESQL, "env", f"PGPASSWORD={password}", program, "--host=127.0.0.1",
             "--username=operator", *arguments, container="postgresql")


def upload(juju, client, key, number=0):
    client.ask(f"{hkp(juju, number)}/add", {"keytext": (KEYS / f"{key}.asc").read_text()})


def has_key(juju, client, fingerprint, number=0):
    try:
        client.ask(f"{hkp(juju, number)}/lookup?op=get&search=0x{fingerprint}")
    except jubilant.TaskError:
        return False
    return True


def has_alice(juju, client, number=0):
    return has_key(juju, client, ALICE, number)


def test_a_blocked_key_is_gone_and_stays_out(juju, client):
    upload(juju, client, "alice")
    assert "PUBLIC KEY" in act(juju, "lookup-key", keyword=f"0x{ALICE}")["result"]
    assert act(juju, "block-keys", fingerprints=ALICE, comment="test")["deleted"] == "1"
    assert not has_alice(juju, client)
    with pytest.raises(jubilant.TaskError):
        upload(juju, client, "alice")


def test_the_block_list_is_listed_exported_and_imported(juju, client):
    assert ALICE in act(juju, "list-blocked-keys")["keys"]
    act(juju, "export-block-list", path=BLOCK_LIST)
    assert act(juju, "unblock-keys", fingerprints=ALICE)["unblocked"] == "1"
    assert act(juju, "import-block-list", path=BLOCK_LIST)["added"] == "1"
    act(juju, "unblock-keys", fingerprints=ALICE)
    upload(juju, client, "alice")
    assert has_alice(juju, client)


def test_a_dump_brings_a_deleted_key_back(juju, client):
    assert int(act(juju, "dump-keys", directory=DUMP)["keys"]) >= 2
    act(juju, "block-keys", fingerprints=ALICE)
    act(juju, "unblock-keys", fingerprints=ALICE)
    assert not has_alice(juju, client)
    assert act(juju, "load-keys", files=DUMP)["added"] == "1"
    assert has_alice(juju, client)


def test_a_restored_backup_brings_keys_block_list_and_admin_key_back(juju, client, tmp_path):
    upload(juju, client, "carol_signed_by_dave")
    act(juju, "block-keys", fingerprints=CAROL, comment="ticket 12")
    blocked = act(juju, "list-blocked-keys")["keys"]
    administrator = act(juju, "get-admin-key")["fingerprint"]
    as_superuser(juju, "pg_dump", "--format=custom", f"--file={BACKUP}", KEYSERVER)
    juju.scp(f"{POSTGRESQL}:{BACKUP}", tmp_path / "keys.dump", container="postgresql")

    juju.remove_relation(KEYSERVER, "postgresql-k8s")
    juju.wait(lambda status: jubilant.all_blocked(status, KEYSERVER), timeout=600)
    as_superuser(juju, "dropdb", KEYSERVER)
    as_superuser(juju, "createdb", KEYSERVER)
    juju.scp(tmp_path / "keys.dump", f"{POSTGRESQL}:/tmp/restored.dump", container="postgresql")
    as_superuser(juju, "pg_restore", "--no-owner", "--no-privileges", "--clean", "--if-exists",
                 f"--dbname={KEYSERVER}", "/tmp/restored.dump")
    juju.integrate(f"{KEYSERVER}:database", "postgresql-k8s")
    settle(juju)

    assert has_key(juju, client, ALICE)
    assert not has_key(juju, client, CAROL)
    with pytest.raises(jubilant.TaskError):
        upload(juju, client, "carol_signed_by_dave")
    assert act(juju, "list-blocked-keys")["keys"] == blocked
    assert act(juju, "get-admin-key")["fingerprint"] == administrator
    assert act(juju, "block-keys", fingerprints=ALICE)["deleted"] == "1"
    act(juju, "unblock-keys", fingerprints=f"{ALICE},{CAROL}")
    upload(juju, client, "alice")


def test_a_new_admin_key_replaces_the_old_one(juju, client):
    old = act(juju, "get-admin-key")["fingerprint"]
    rotation = act(juju, "rotate-admin-key")
    assert rotation["retired"] == old
    assert act(juju, "get-admin-key")["fingerprint"] == rotation["fingerprint"] != old


def test_the_prefix_tree_is_rebuilt(juju, client):
    assert act(juju, "rebuild-prefix-tree", wait=120)["state"] == "rebuilt"
    assert has_alice(juju, client)


def test_the_unit_reports_its_peers_and_state(juju, client):
    assert json.loads(act(juju, "show-peers")["json"])["peers"] == []
    state = json.loads(act(juju, "show-status")["json"])
    assert state["keys"]["counted"] >= 2


def test_a_wrong_option_blocks_and_leaves_the_keyserver_running(juju, client):
    juju.config(KEYSERVER, {"query-limit": 0})
    juju.wait(lambda status: jubilant.all_blocked(status, KEYSERVER), timeout=300)
    message = juju.status().apps[KEYSERVER].units[f"{KEYSERVER}/0"].workload_status.message
    assert "query-limit" in message
    assert has_alice(juju, client)
    juju.config(KEYSERVER, reset="query-limit")
    settle(juju)


def test_every_unit_answers_and_a_removed_one_is_not_missed(juju, client):
    juju.add_unit(KEYSERVER, num_units=2)
    settle(juju)
    upload(juju, client, "carol_signed_by_dave", 2)
    for number in range(3):
        assert has_alice(juju, client, number)
    juju.remove_unit(KEYSERVER, num_units=2)
    juju.wait(lambda status: len(status.apps[KEYSERVER].units) == 1, timeout=600)
    settle(juju)
    assert has_alice(juju, client)


def test_a_refreshed_charm_keeps_its_keys(juju, client, charm_file, resources):
    key = act(juju, "get-admin-key")["fingerprint"]
    juju.refresh(KEYSERVER, path=charm_file, resources=resources)
    settle(juju)
    assert has_alice(juju, client)
    assert act(juju, "get-admin-key")["fingerprint"] == key
