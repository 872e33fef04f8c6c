// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// The number of units of an application.

#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/outcome.hpp"
#include "rehearsal/model/pod_spec.hpp"

#include <iostream>

namespace rehearsal::commands {
namespace {

int settle_at(Session& session, const std::string& name, int count) {
  scale_application(session.model(), name, count);
  std::cerr << name << " scaled to " << count << " unit" << (count == 1 ? "" : "s") << std::endl;
  session.settle();
  return 0;
}

int scale(const SessionOptions& options, const Arguments& arguments) {
  const std::string name = required(arguments, 0, "application");
  const int count = whole_number(required(arguments, 1, "scale"), 0);
  arguments.at_most(2);
  Session session(options);
  return settle_at(session, name, count);
}

int add_unit(const SessionOptions& options, const Arguments& arguments) {
  const std::string name = required(arguments, 0, "application");
  arguments.at_most(1);
  const int more = whole_number(arguments.value("num-units").value_or("1"), 1);
  if (arguments.value("attach-storage")) {
    throw UserError(
        "the rehearsal cannot attach storage: each unit keeps the volumes of its number");
  }
  Session session(options);
  report_ignored(arguments, {"to"});
  return settle_at(session, name, session.model().application(name).scale + more);
}

int remove_unit(const SessionOptions& options, const Arguments& arguments) {
  const std::string name = required(arguments, 0, "application");
  arguments.at_most(1);
  if (is_unit_name(name)) {
    throw UserError(
        "k8s models do not support removing named units.\nInstead specify an "
        "application with --num-units.");
  }
  if (!arguments.value("num-units")) {
    throw UserError("specify the number of units (> 0) to remove using the --num-units option");
  }
  const int fewer = whole_number(*arguments.value("num-units"), 1);
  Session session(options);
  const int scale = session.model().application(name).scale;
  if (fewer > scale) {
    throw UserError("removing units: cannot remove more units than currently exist");
  }
  report_ignored(arguments, {"destroy-storage"});
  return settle_at(session, name, scale - fewer);
}

}  // namespace

void scale_application(Model& model, const std::string& name, int count) {
  Application& app = model.application(name);
  for (const std::string& unit : model.units_of(name)) {
    if (number_of(unit) >= count) {
      begin_removal(model, unit);
    }
  }
  app.scale = count;
  add_units(model, name, count);
}

std::vector<Command> scale_commands() {
  return {
      {.name = "scale-application",
       .usage = "APPLICATION N",
       .summary = "Sets the number of units.",
       .run = scale,
       .alias = "scale"},
      {.name = "add-unit",
       .usage = "APPLICATION [-n N]",
       .summary = "Adds units.",
       .flags = {{.name = "num-units", .short_name = "n"},
                 {.name = "attach-storage"},
                 {.name = "to"}},
       .run = add_unit},
      {.name = "remove-unit",
       .usage = "APPLICATION --num-units N [--no-prompt]",
       .summary = "Removes the units with the highest numbers.",
       .flags = {{.name = "num-units"},
                 plain_flag("no-prompt"),
                 plain_flag("destroy-storage"),
                 plain_flag("force"),
                 plain_flag("no-wait")},
       .run = remove_unit},
  };
}

}  // namespace rehearsal::commands
