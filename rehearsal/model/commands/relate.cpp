// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/outcome.hpp"
#include "rehearsal/model/relations.hpp"

#include <iostream>

namespace rehearsal::commands {
namespace {

int integrate(const SessionOptions& options, const Arguments& arguments) {
  const std::string first = required(arguments, 0, "application");
  const std::string other = required(arguments, 1, "second application");
  arguments.at_most(2);
  Session session(options);
  Model& model = session.model();
  add_relation(model, resolve_endpoints(model, first, other));
  report_ignored(arguments, {"via"});
  session.settle();
  return 0;
}

int relation_numbered(const Model& model, int id) {
  const auto relation = model.relations.find(id);
  if (relation == model.relations.end() || is_peer(relation->second)) {
    throw UserError("relation " + std::to_string(id) + " not found");
  }
  return id;
}

int remove_relation(const SessionOptions& options, const Arguments& arguments) {
  const std::string first = required(arguments, 0, "application");
  arguments.at_most(2);
  Session session(options);
  Model& model = session.model();
  const int id = arguments.words().size() == 1 ? relation_numbered(model, whole_number(first, 0))
                                               : find_relation(model, first, arguments.word(1));
  report_ignored(arguments, {"force"});
  model.relations.at(id).life = Life::dying;
  session.settle();
  return 0;
}

int remove_application(const SessionOptions& options, const Arguments& arguments) {
  Session session(options);
  Model& model = session.model();
  static_cast<void>(required(arguments, 0, "application"));
  for (const std::string& name : arguments.words()) {
    static_cast<void>(model.application(name));
  }
  for (const std::string& name : arguments.words()) {
    model.application(name).life = Life::dying;
    for (const std::string& unit : model.units_of(name)) {
      begin_removal(model, unit);
    }
    for (const int id : relations_of(model, name)) {
      model.relations.at(id).life = Life::dying;
    }
    std::cerr << "will remove application " << name << std::endl;
  }
  session.settle();
  return 0;
}

}  // namespace

std::vector<Command> relation_commands() {
  return {
      {.name = "integrate",
       .usage = "APPLICATION[:ENDPOINT] APPLICATION[:ENDPOINT]",
       .summary = "Integrates two applications.",
       .details = "You can omit the endpoints if only one pair has the same interface.",
       .flags = {{.name = "via"}},
       .run = integrate,
       .alias = "relate"},
      {.name = "remove-relation",
       .usage = "APPLICATION[:ENDPOINT] APPLICATION[:ENDPOINT] | ID",
       .summary = "Removes an integration.",
       .flags = {plain_flag("force")},
       .run = remove_relation},
  };
}

std::vector<Command> removal_commands() {
  return {
      {.name = "remove-application",
       .usage = "APPLICATION... [--no-prompt] [--destroy-storage]",
       .summary = "Removes applications with their units and integrations.",
       .flags = {plain_flag("no-prompt"), plain_flag("destroy-storage"), plain_flag("force"),
                 plain_flag("no-wait")},
       .run = remove_application},
  };
}

}  // namespace rehearsal::commands
