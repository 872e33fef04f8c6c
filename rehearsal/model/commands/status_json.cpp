// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/commands/status_json.hpp"

#include "rehearsal/model/clock.hpp"
#include "rehearsal/model/commands/shown_status.hpp"
#include "rehearsal/model/relations.hpp"

#include <nlohmann/json.hpp>

namespace rehearsal::commands {
namespace {

using Json = nlohmann::json;

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
  return {{"charm", app.charm.name},
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

}  // namespace

Json status_json(const Model& model) {
  Json applications = Json::object();
  for (const auto& [name, app] : model.applications) {
    applications[name] = application_status(model, app);
  }
  return {{"model",
           {{"name", model.name},
            {"type", "caas"},
            {"controller", "rehearsal"},
            {"cloud", "rehearsal"},
            {"region", "localhost"},
            {"version", model.juju_version},
            {"uuid", model.uuid},
            {"model-status", {{"current", "available"}}}}},
          {"applications", applications},
          {"controller", {{"timestamp", format_time_of_day(model.now) + "Z"}}}};
}

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

}  // namespace rehearsal::commands
