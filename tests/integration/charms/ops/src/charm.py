# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""A charm on ops: its workload has the token that the related charm shares."""

import ops

LAYER = {"services": {"web": {"override": "replace", "startup": "enabled",
                              "command": "sleep infinity"}}}


class OpsCharm(ops.CharmBase):
    def __init__(self, framework):
        super().__init__(framework)
        self.container = self.unit.get_container("web")
        for event in (self.on.web_pebble_ready, self.on.config_changed, self.on.secret_changed,
                      self.on.token_relation_changed):
            framework.observe(event, self._run_workload)
        framework.observe(self.on.show_action, self._show)
        framework.observe(self.on.run_action, self._run)

    def _run_workload(self, _):
        relation = self.model.get_relation("token")
        secret = relation and relation.app and relation.data[relation.app].get("secret")
        if not secret:
            self.unit.status = ops.BlockedStatus("missing relation token")
        elif not self.container.can_connect():
            self.unit.status = ops.WaitingStatus("waiting for Pebble")
        else:
            content = self.model.get_secret(id=secret).get_content(refresh=True)
            self.container.push("/data/token", content["value"])
            self.container.add_layer("web", LAYER, combine=True)
            self.container.replan()
            self.unit.set_ports(8080)
            self.unit.status = ops.ActiveStatus()

    def _show(self, event):
        event.set_results({
            "token": self.container.pull("/data/token").read(),
            "units": self.app.planned_units(),
            "storage": str(self.model.storages["data"][0].location),
            "address": str(self.model.get_binding("token").network.bind_address),
            "status": self.unit.status.name,
        })

    def _run(self, event):
        output, _ = self.container.exec(["sh", "-c", event.params["command"]]).wait_output()
        event.set_results({"output": output})


if __name__ == "__main__":
    ops.main(OpsCharm)
