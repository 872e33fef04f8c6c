// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/outcome.hpp"

#include <iostream>

namespace rehearsal::commands {
namespace {

int delete_pod(const SessionOptions& options, const Arguments& arguments) {
  Session session(options);
  Unit& unit = session.model().unit(required(arguments, 0, "unit"));
  unit.replace_pod = true;
  unit.stop_skipped = arguments.has("no-stop");
  session.settle();
  return 0;
}

int restart_container(const SessionOptions& options, const Arguments& arguments) {
  Session session(options);
  Unit& unit = session.model().unit(required(arguments, 0, "unit"));
  const std::string container = required(arguments, 1, "container");
  if (session.model().application(unit.app).charm.containers.count(container) == 0) {
    throw UserError("container \"" + container + "\" not found");
  }
  session.machine().restart_container(unit.name, container);
  unit.containers[container] = {};
  session.settle();
  return 0;
}

int restart_agent(const SessionOptions& options, const Arguments& arguments) {
  Session session(options);
  Unit& unit = session.model().unit(required(arguments, 0, "unit"));
  unit.agent_restarted = unit.started;
  // What it knew of the containers was in its memory: pebble-ready and notices come again.
  unit.containers.clear();
  session.settle();
  return 0;
}

int leadership(const SessionOptions& options, const Arguments& arguments) {
  Session session(options);
  Unit& unit = session.model().unit(required(arguments, 0, "unit"));
  Application& app = session.model().application(unit.app);
  if (app.leader != unit.name) {
    if (!app.leader.empty()) {
      session.model().unit(app.leader).leader_announced = false;
    }
    app.leader = unit.name;
    unit.leader_announced = false;
  }
  session.settle();
  return 0;
}

int resolved(const SessionOptions& options, const Arguments& arguments) {
  Session session(options);
  Model& model = session.model();
  std::vector<std::string> names = arguments.words();
  for (const auto& [name, unit] : model.units) {
    if (arguments.has("all") && unit.failed) {
      names.push_back(name);
    }
  }
  if (names.empty() && !arguments.has("all")) {
    throw tools::usage_error("no unit specified");
  }
  for (const std::string& name : names) {
    Unit& unit = model.unit(name);
    if (!unit.failed) {
      throw UserError("unit \"" + name + "\" is not in an error state");
    }
    if (arguments.has("no-retry")) {
      const Event event = unit.failed->event;
      note_done(model, name, event);
    } else {
      unit.failed->retry_at = model.now;
    }
  }
  session.settle();
  return 0;
}

}  // namespace

std::vector<Command> churn_commands() {
  return {
      {.name = "resolved",
       .usage = "UNIT... [--no-retry] | --all",
       .summary = "Runs a failed hook again now, or skips it.",
       .details = "",
       .flags = {{.name = "no-retry", .short_name = {}, .takes_value = false},
                 {.name = "all", .short_name = {}, .takes_value = false}},
       .run = resolved},
      {.name = "delete-pod",
       .usage = "UNIT [--no-stop]",
       .summary = "Deletes a unit's pod, as kubectl does; a new one takes its place.",
       .details = "stop runs in the old pod (not with --no-stop, as when a node is lost); then "
                  "upgrade-charm,\nconfig-changed, start and pebble-ready in the new one. Storage "
                  "stays, everything else is new.",
       .flags = {{.name = "no-stop", .short_name = {}, .takes_value = false}},
       .run = delete_pod},
      {.name = "restart-container",
       .usage = "UNIT CONTAINER",
       .summary = "Restarts one workload container with a fresh file system.",
       .details = "",
       .flags = {},
       .run = restart_container},
      {.name = "restart-agent",
       .usage = "UNIT",
       .summary = "Restarts a unit's agent: start and every pebble-ready come again.",
       .details = "",
       .flags = {},
       .run = restart_agent},
      {.name = "leadership",
       .usage = "UNIT",
       .summary = "Makes a unit the leader of its application.",
       .details = "",
       .flags = {},
       .run = leadership},
  };
}

}  // namespace rehearsal::commands
