# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""The keyserver with its database, its proxies and the observability stack, as a user sees it."""

import json
import pathlib
import urllib.parse

import jubilant
import pytest

from conftest import ALICE, KEYSERVER, Client, address, settle

KEY = pathlib.Path(__file__).parents[1] / "data/e2e/alice.asc"
CHARMS = {
    "postgresql-k8s": "14/stable",
    "traefik-k8s": "latest/stable",
    "prometheus-k8s": "latest/stable",
    "loki-k8s": "latest/stable",
    "grafana-k8s": "latest/stable",
}


@pytest.fixture(scope="module")
def client(juju, charm_file, resources):
    juju.deploy(charm_file, KEYSERVER, resources=resources)
    for charm, channel in CHARMS.items():
        juju.deploy(charm, channel=channel, trust=True)
    juju.integrate(f"{KEYSERVER}:database", "postgresql-k8s")
    juju.integrate(f"{KEYSERVER}:ingress", "traefik-k8s")
    juju.integrate(f"{KEYSERVER}:traefik-route", "traefik-k8s")
    juju.integrate(f"{KEYSERVER}:metrics-endpoint", "prometheus-k8s")
    juju.integrate(f"{KEYSERVER}:logging", "loki-k8s")
    juju.integrate(f"{KEYSERVER}:grafana-dashboard", "grafana-k8s")
    settle(juju)
    return Client(juju, "traefik-k8s/0")


@pytest.fixture(scope="module")
def proxy(juju, client):
    """The keyserver's address behind Traefik: the path that Traefik published, at its pod."""
    published = json.loads(remote_data(juju, "ingress")["ingress"])["url"]
    path = urllib.parse.urlsplit(published).path
    return f"http://{address(juju, 'traefik-k8s/0')}{path.rstrip('/')}"


def remote_data(juju, endpoint):
    """The databag of the remote application of a relation of the keyserver."""
    unit = juju.show_unit(f"{KEYSERVER}/0")
    return next(info.app_data for info in unit.relation_info if info.endpoint == endpoint)


def test_a_key_uploaded_through_the_proxy_is_found(client, proxy):
    client.wait_for(f"{proxy}/pks/lookup?op=stats&options=mr",
                    lambda answer: json.loads(answer)["software"].endswith("Hockeypuck"))
    client.ask(f"{proxy}/pks/add", {"keytext": KEY.read_text()})
    found = client.ask(f"{proxy}/pks/lookup?op=index&options=mr&search=alice@example.com")
    assert "uid:Alice Example <alice@example.com>" in urllib.parse.unquote(found)


def test_the_key_is_found_at_the_proxys_hkp_port(juju, client):
    traefik = address(juju, "traefik-k8s/0")
    client.wait_for(f"http://{traefik}:11371/pks/lookup?op=get&search=0x{ALICE}",
                    lambda answer: "PUBLIC KEY" in answer)


def test_prometheus_scrapes_the_keyserver(juju, client):
    def is_up(answer):
        targets = json.loads(answer)["data"]["activeTargets"]
        return any(target["labels"].get("juju_application") == KEYSERVER and
                   target["health"] == "up" for target in targets)

    prometheus = address(juju, "prometheus-k8s/0")
    client.wait_for(f"http://{prometheus}:9090/api/v1/targets", is_up)


def test_prometheus_loads_the_alert_rules(juju, client):
    prometheus = address(juju, "prometheus-k8s/0")
    client.wait_for(f"http://{prometheus}:9090/api/v1/rules", lambda answer: "Hockeypuck" in answer)


def test_loki_has_the_keyservers_log(juju, client):
    query = urllib.parse.urlencode({"query": f'{{juju_application="{KEYSERVER}"}}'})
    loki = address(juju, "loki-k8s/0")
    client.wait_for(f"http://{loki}:3100/loki/api/v1/query_range?{query}",
                    lambda answer: json.loads(answer)["data"]["result"])


def test_grafana_receives_the_dashboard(juju, client):
    unit = juju.show_unit("grafana-k8s/0")
    data = next(info.app_data for info in unit.relation_info
                if info.endpoint == "grafana-dashboard")
    assert json.loads(data["dashboards"])["templates"]


def test_the_unit_reports_its_state(juju, client):
    task = juju.run(f"{KEYSERVER}/leader", "show-status")
    state = json.loads(task.results["json"])
    assert "error" not in state["keyserver"]


def test_a_deleted_pod_is_replaced_and_serves_again(juju, client, proxy, delete_pod):
    delete_pod(f"{KEYSERVER}/0")
    settle(juju)
    client.wait_for(f"{proxy}/pks/lookup?op=get&search=0x{ALICE}",
                    lambda answer: "PUBLIC KEY" in answer)


NGINX = "nginx-ingress-integrator"
HOST = "keys.example.com"


@pytest.fixture(scope="module")
def nginx(juju, client):
    """The keyserver behind the NGINX Ingress Integrator, which replaces Traefik."""
    for endpoint in ("ingress", "traefik-route"):
        juju.remove_relation(f"{KEYSERVER}:{endpoint}", "traefik-k8s")
    juju.deploy(NGINX, channel="latest/stable", trust=True)
    juju.integrate(f"{KEYSERVER}:ingress", NGINX)
    juju.wait(lambda status: jubilant.all_blocked(status, NGINX), timeout=600)
    assert "service-hostname" in juju.status().apps[NGINX].units[f"{NGINX}/0"].workload_status.message
    juju.config(NGINX, {"service-hostname": HOST})
    settle(juju)
    return urllib.parse.urlsplit(json.loads(remote_data(juju, "ingress")["ingress"])["url"])


def test_nginx_publishes_a_path_of_its_host_name(juju, nginx):
    assert nginx.hostname == HOST
    assert nginx.path.strip("/") == f"{juju.status().model.name}-{KEYSERVER}"
    message = juju.status().apps[KEYSERVER].units[f"{KEYSERVER}/0"].workload_status.message
    assert "gpg cannot use an ingress path" in message


def test_nginx_answers_only_for_its_host_name(juju, client, nginx, rehearsal, request):
    controller = request.config.getoption("--ingress-address")
    if not controller and not rehearsal:
        pytest.skip("--ingress-address is not given")
    edge = controller or address(juju, f"{NGINX}/0")
    url = f"http://{edge}{nginx.path.rstrip('/')}/pks/lookup?op=get&search=0x{ALICE}"
    client.wait_for(url, lambda answer: "PUBLIC KEY" in answer, headers={"Host": HOST})
    with pytest.raises(jubilant.TaskError):
        client.ask(url)
