// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/commands/status.hpp"

#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/model.hpp"
#include "rehearsal/model/relations.hpp"
#include "rehearsal/model/yaml_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>
#include <set>
#include <string_view>
#include <thread>

namespace rehearsal::commands {
namespace {

using Json = nlohmann::json;

int severity(const std::string& status) {
  constexpr std::array<std::string_view, 7> from_mild{
      "unknown", "terminated", "active", "waiting", "maintenance", "blocked", "error"};
  const auto found = std::find(from_mild.begin(), from_mild.end(), status);
  return static_cast<int>(found - from_mild.begin());
}

int port_number(const std::string& port) {
  return port == "icmp" ? 0 : std::stoi(port);
}

Json status_info(const StatusInfo& status) {
  Json json = {{"current", status.status}, {"since", format_time(status.since)}};
  if (!status.message.empty()) {
    json["message"] = status.message;
  }
  return json;
}

Json unit_status(const Model& model, const Unit& unit) {
  StatusInfo agent = unit.agent;
  if (agent.status == "error") {
    agent = {.status = "idle", .message = {}, .since = agent.since};
  }
  Json json = {{"workload-status", status_info(shown_status(unit))},
               {"juju-status", status_info(agent)},
               {"address", unit.address},
               {"provider-id", unit.app + "-" + std::to_string(number_of(unit.name))},
               {"leader", model.is_leader(unit.name)}};
  json["juju-status"]["version"] = model.juju_version;
  if (!unit.ports.empty()) {
    json["open-ports"] = unit.ports;
  }
  return json;
}

Json application_relations(const Model& model, const std::string& app) {
  Json json = Json::object();
  for (const int id : relations_of(model, app)) {
    const Relation& relation = model.relations.at(id);
    const RelationEnd* end = end_of(relation, app);
    json[end->endpoint.name].push_back({{"related-application", remote_app(relation, app)},
                                        {"interface", end->endpoint.interface},
                                        {"scope", "global"}});
  }
  return json;
}

Json application_status(const Model& model, const Application& app) {
  Json units = Json::object();
  std::string address;
  for (const std::string& name : model.units_of(app.name)) {
    units[name] = unit_status(model, model.unit(name));
    address = address.empty() ? model.unit(name).address : address;
  }
  return {{"charm", charm_url(app.charm, app.revision)},
          {"base", {{"name", "ubuntu"}, {"channel", "24.04"}}},
          {"charm-name", app.charm.name},
          {"charm-rev", app.revision},
          {"charm-origin", "local"},
          {"exposed", false},
          {"scale", app.scale},
          {"address", address},
          {"life", app.life == Life::alive ? "alive" : "dying"},
          {"version", app.workload_version},
          {"application-status", status_info(shown_status(model, app))},
          {"relations", application_relations(model, app.name)},
          {"units", units}};
}

Json member_data(const Relation& relation, const std::string& unit) {
  const auto bag = relation.unit_bags.find(unit);
  return {{"in-scope", relation.scope.count(unit) > 0},
          {"data", bag == relation.unit_bags.end() ? Json::object() : Json(bag->second)}};
}

Json app_data(const Relation& relation, const std::string& app) {
  const auto bag = relation.app_bags.find(app);
  return bag == relation.app_bags.end() ? Json::object() : Json(bag->second);
}

Json relation_info(const Relation& relation, const Unit& unit) {
  const std::string remote = remote_app(relation, unit.app);
  Json json = {{"relation-id", relation.id},
               {"endpoint", end_of(relation, unit.app)->endpoint.name},
               {"related-endpoint", end_of(relation, remote)->endpoint.name},
               {"application-data", app_data(relation, remote)},
               {"local-unit", member_data(relation, unit.name)}};
  if (!is_peer(relation)) {
    json["local-application-data"] = app_data(relation, unit.app);
  }
  for (const std::string& member : remote_units(relation, unit.name)) {
    json["related-units"][member] = member_data(relation, member);
  }
  return json;
}

/// Names of applications and units; empty for all.
using Filter = std::set<std::string>;

bool shows(const Filter& filter, const std::string& app) {
  return filter.empty() || filter.count(app) > 0;
}

/// The model in the form of `juju status --format json`.
Json status_json(const Model& model, const Filter& filter) {
  Json applications = Json::object();
  for (const auto& [name, app] : model.applications) {
    if (shows(filter, name)) {
      applications[name] = application_status(model, app);
    }
  }
  return {{"model",
           {{"name", model.name},
            {"type", "caas"},
            {"controller", controller_name},
            {"cloud", "rehearsal"},
            {"region", "localhost"},
            {"version", model.juju_version},
            {"uuid", model.uuid},
            {"model-status", {{"current", "available"}}}}},
          {"machines", Json::object()},
          {"applications", applications},
          {"controller", {{"timestamp", format_time_of_day(model.now) + "Z"}}}};
}

/// A unit in the form of `juju show-unit`.
Json unit_json(const Model& model, const Unit& unit) {
  const Application& app = model.application(unit.app);
  Json relations = Json::array();
  for (const int id : relations_of(model, unit.app)) {
    relations.push_back(relation_info(model.relations.at(id), unit));
  }
  return {{"charm", charm_url(app.charm, unit.revision)},
          {"leader", model.is_leader(unit.name)},
          {"life", unit.life == Life::alive ? "alive" : "dying"},
          {"opened-ports", unit.ports},
          {"address", unit.address},
          {"provider-id", unit.app + "-" + std::to_string(number_of(unit.name))},
          {"relation-info", relations}};
}

/// A message in the form of Juju's table.
std::string cut(const std::string& message) {
  constexpr std::size_t most = 120;
  const std::string ellipsis = "...";
  return message.size() > most ? message.substr(0, most - ellipsis.size()) + ellipsis : message;
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
               app.charm.name, std::to_string(app.revision), cut(status.message)});
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
                 shown_ports(unit), cut(status.message)});
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

void show(const SessionOptions& options, const Arguments& arguments) {
  Session session(options);
  session.settle();
  const Model& model = session.model();
  const std::string format = arguments.value("format").value_or("tabular");
  Filter filter;
  for (const std::string& word : arguments.words()) {
    filter.insert(app_of(word));
  }
  if (format != "tabular") {
    print_value(status_json(model, filter), format);
    return;
  }
  model_table(model).print(std::cout);
  for (const Table& table : {application_table(model, filter), unit_table(model, filter),
                             relation_table(model, filter)}) {
    if (!table.empty()) {
      std::cout << "\n";
      table.print(std::cout);
    }
  }
}

int status(const SessionOptions& options, const Arguments& arguments) {
  const auto pause = arguments.value("watch");
  show(options, arguments);
  while (pause) {
    std::cout << std::endl;
    std::this_thread::sleep_for(std::chrono::milliseconds(duration_of(*pause)));
    show(options, arguments);
  }
  return 0;
}

int show_unit(const SessionOptions& options, const Arguments& arguments) {
  static_cast<void>(required(arguments, 0, "unit"));
  Session session(options);
  Json json = Json::object();
  for (const std::string& word : arguments.words()) {
    const std::string unit = unit_meant(session.model(), word);
    json[unit] = unit_json(session.model(), session.model().unit(unit));
  }
  print_value(json, arguments.value("format").value_or("yaml"));
  return 0;
}

}  // namespace

void Table::print(std::ostream& out) const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t column = 0; column < row.size(); ++column) {
      widths[column] = std::max(widths[column], row[column].size());
    }
  }
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t column = 0; column < row.size(); ++column) {
      line += row[column] + std::string(widths[column] + 2 - row[column].size(), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << "\n";
  }
}

StatusInfo shown_status(const Unit& unit) {
  if (unit.agent.status == "error") {
    return {.status = "error", .message = unit.agent.message, .since = unit.agent.since};
  }
  if (!unit.installed && unit.status.status == "unknown") {
    return {.status = "waiting", .message = "installing agent", .since = unit.status.since};
  }
  return unit.status;
}

StatusInfo shown_status(const Model& model, const Application& app) {
  if (app.status.status != "unknown") {
    return app.status;
  }
  StatusInfo worst = app.status;
  for (const std::string& name : model.units_of(app.name)) {
    const StatusInfo status = shown_status(model.unit(name));
    if (severity(status.status) > severity(worst.status)) {
      worst = status;
    }
  }
  return worst;
}

std::string shown_ports(const Unit& unit) {
  std::vector<std::string> ports(unit.ports.begin(), unit.ports.end());
  std::sort(ports.begin(), ports.end(), [](const std::string& left, const std::string& right) {
    return port_number(left) < port_number(right);
  });
  std::string text;
  for (std::size_t index = 0; index < ports.size(); ++index) {
    const std::size_t slash = ports[index].find('/');
    const bool last = index + 1 == ports.size();
    const bool same_protocol = !last && slash != std::string::npos &&
                               ports[index + 1].ends_with(ports[index].substr(slash));
    text += same_protocol ? ports[index].substr(0, slash) : ports[index];
    text += last ? "" : same_protocol ? "," : " ";
  }
  return text;
}

std::vector<Command> status_commands() {
  return {
      {.name = "status",
       .usage = "[APPLICATION...] [--format tabular|json|yaml] [--relations] [--watch 5s]",
       .summary = "Shows the status of the model.",
       .details = "--watch repeats the output at this interval until you interrupt it. The table "
                  "cuts a message at\n120 characters, as Juju does; JSON and YAML show all of it.",
       .flags = {{.name = "format"},
                 {.name = "watch"},
                 plain_flag("relations"),
                 plain_flag("integrations"),
                 plain_flag("storage"),
                 plain_flag("color"),
                 plain_flag("no-color"),
                 plain_flag("utc")},
       .run = status},
      {.name = "show-unit",
       .usage = "UNIT... [--format yaml|json]",
       .summary = "Shows a unit with the data of its relations.",
       .flags = {{.name = "format"}},
       .run = show_unit},
  };
}

}  // namespace rehearsal::commands
