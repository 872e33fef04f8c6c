// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/clock.hpp"
#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/commands/shown_status.hpp"
#include "rehearsal/model/commands/status_json.hpp"
#include "rehearsal/model/commands/table.hpp"
#include "rehearsal/model/relations.hpp"
#include "rehearsal/model/yaml_json.hpp"

#include <nlohmann/json.hpp>

#include <iostream>
#include <set>

namespace rehearsal::commands {
namespace {

using Filter = std::set<std::string>;

bool shows(const Filter& filter, const std::string& app) {
  return filter.empty() || filter.count(app) > 0;
}

Table model_table(const Model& model) {
  Table table({"Model", "Controller", "Cloud/Region", "Version", "Timestamp"});
  table.add({model.name, "rehearsal", "rehearsal/localhost", model.juju_version,
             format_time_of_day(model.now) + "Z"});
  return table;
}

Table application_table(const Model& model, const Filter& filter) {
  Table table({"App", "Version", "Status", "Scale", "Charm", "Rev", "Message"});
  for (const auto& [name, app] : model.applications) {
    if (!shows(filter, name)) {
      continue;
    }
    const StatusInfo status = shown_status(model, app);
    const std::size_t count = model.units_of(name).size();
    const std::string scale = std::to_string(count);
    table.add({name, app.workload_version, status.status,
               count == static_cast<std::size_t>(app.scale)
                   ? scale
                   : scale + "/" + std::to_string(app.scale),
               app.charm.name, std::to_string(app.revision), status.message});
  }
  return table;
}

Table unit_table(const Model& model, const Filter& filter) {
  Table table({"Unit", "Workload", "Agent", "Address", "Ports", "Message"});
  for (const auto& [app_name, app] : model.applications) {
    if (!shows(filter, app_name)) {
      continue;
    }
    for (const std::string& name : model.units_of(app_name)) {
      const Unit& unit = model.unit(name);
      const StatusInfo status = shown_status(unit);
      table.add({name + (app.leader == name ? "*" : ""), status.status,
                 unit.agent.status == "error" ? "idle" : unit.agent.status, unit.address,
                 shown_ports(unit), status.message});
    }
  }
  return table;
}

Table relation_table(const Model& model, const Filter& filter) {
  Table table({"Integration provider", "Requirer", "Interface", "Type"});
  for (const auto& [id, relation] : model.relations) {
    const RelationEnd* provider = &relation.ends.front();
    const RelationEnd* requirer = &relation.ends.back();
    if (requirer->endpoint.role == Role::provider) {
      std::swap(provider, requirer);
    }
    if (shows(filter, provider->app) || shows(filter, requirer->app)) {
      table.add({provider->app + ":" + provider->endpoint.name,
                 requirer->app + ":" + requirer->endpoint.name, provider->endpoint.interface,
                 is_peer(relation) ? "peer" : "regular"});
    }
  }
  return table;
}

int status(const SessionOptions& options, const Arguments& arguments) {
  Session session(options);
  session.settle();
  const Model& model = session.model();
  const std::string format = arguments.value("format").value_or("tabular");
  if (format == "json") {
    std::cout << status_json(model).dump() << "\n";
    return 0;
  }
  if (format == "yaml") {
    std::cout << json_to_yaml(status_json(model));
    return 0;
  }
  if (format != "tabular") {
    throw tools::usage_error("unknown format \"" + format + "\"");
  }
  const Filter filter(arguments.words().begin(), arguments.words().end());
  model_table(model).print(std::cout);
  for (const Table& table : {application_table(model, filter), unit_table(model, filter),
                             relation_table(model, filter)}) {
    if (!table.empty()) {
      std::cout << "\n";
      table.print(std::cout);
    }
  }
  return 0;
}

int show_unit(const SessionOptions& options, const Arguments& arguments) {
  const std::string name = required(arguments, 0, "unit");
  Session session(options);
  const nlohmann::json json = {{name, unit_json(session.model(), session.model().unit(name))}};
  const bool as_json = arguments.value("format").value_or("yaml") == "json";
  std::cout << (as_json ? json.dump() + "\n" : json_to_yaml(json));
  return 0;
}

}  // namespace

std::vector<Command> status_commands() {
  return {
      {.name = "status",
       .usage = "[APPLICATION...] [--format tabular|json|yaml] [--relations]",
       .summary = "Shows the model.",
       .details = "",
       .flags = {{.name = "format"},
                 {.name = "relations", .short_name = {}, .takes_value = false},
                 {.name = "integrations", .short_name = {}, .takes_value = false}},
       .run = status},
      {.name = "show-unit",
       .usage = "UNIT [--format yaml|json]",
       .summary = "Shows a unit with the data of its relations.",
       .details = "",
       .flags = {{.name = "format"}},
       .run = show_unit},
  };
}

}  // namespace rehearsal::commands
