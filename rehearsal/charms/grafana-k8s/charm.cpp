// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "dashboards.hpp"
#include "rehearsal/charms/partner/partner.hpp"

#include <algorithm>
#include <iterator>

namespace grafana {
namespace {

using charm::Relation;
using charm::Scope;
using charm::StatusKind;
using nlohmann::json;
using rehearsal::partner::Dispatch;

const std::string provisioning = "/etc/grafana/provisioning/dashboards";

/// The original never removes an answer, even if a later dashboard is correct.
void answer(const Dispatch& dispatch, const Relation& relation, const json& errors) {
  if (!errors.empty() && relation.local_app_data) {
    const json event = {{"errors", errors}};
    rehearsal::partner::publish(dispatch, relation, Scope::app, {{"event", event.dump()}});
  }
}

std::vector<Dashboard> read_all(const Dispatch& dispatch, bool answering) {
  std::vector<Dashboard> all;
  for (const Relation& relation :
       rehearsal::partner::read_relations(dispatch, "grafana-dashboard")) {
    Reading reading = read_dashboards(relation);
    if (answering) {
      answer(dispatch, relation, reading.errors);
    }
    std::move(reading.dashboards.begin(), reading.dashboards.end(), std::back_inserter(all));
  }
  return shown(all);
}

/// This charm chooses the file names: text of another charm never becomes a path.
void provision(const Dispatch& dispatch, const std::vector<Dashboard>& dashboards) {
  std::vector<charm::File> files;
  files.reserve(dashboards.size());
  for (const Dashboard& dashboard : dashboards) {
    files.push_back({.path = provisioning + "/juju_" + std::to_string(dashboard.relation) + "_" +
                             std::to_string(files.size()) + ".json",
                     .content = dashboard.content.dump(2)});
  }
  dispatch.pebble.remove({provisioning}, true);
  if (!files.empty()) {
    dispatch.pebble.write(files);
  }
}

json panel_titles(const json& dashboard) {
  json titles = json::array();
  for (const json& panel : dashboard.value("panels", json::array())) {
    if (panel.value("type", "") != "row") {
      titles.push_back(panel.value("title", ""));
    }
  }
  return titles;
}

void list_dashboards(const Dispatch& dispatch) {
  json list = json::array();
  for (const Dashboard& dashboard : read_all(dispatch, false)) {
    list.push_back({{"uid", dashboard.uid},
                    {"title", dashboard.title},
                    {"version", dashboard.version},
                    {"charm", dashboard.charm},
                    {"panels", panel_titles(dashboard.content)}});
  }
  dispatch.tools.action_set({{"dashboards", list.dump()}});
}

/// Handles hooks and the action `list-dashboards`. Throws if the original fails its hook.
void handle(const Dispatch& dispatch) {
  if (!dispatch.context.action_name.empty()) {
    list_dashboards(dispatch);
    return;
  }
  provision(dispatch, read_all(dispatch, true));
  dispatch.tools.status_set(Scope::unit, {StatusKind::active, ""});
}

}  // namespace
}  // namespace grafana

int main() {
  return rehearsal::partner::run("grafana", grafana::handle);
}
