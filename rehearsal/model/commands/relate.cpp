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
  session.settle();
  return 0;
}

int remove_relation(const SessionOptions& options, const Arguments& arguments) {
  const std::string first = required(arguments, 0, "application");
  const std::string other = required(arguments, 1, "second application");
  arguments.at_most(2);
  Session session(options);
  Model& model = session.model();
  model.relations.at(find_relation(model, first, other)).life = Life::dying;
  session.settle();
  return 0;
}

int remove_application(const SessionOptions& options, const Arguments& arguments) {
  Session session(options);
  Model& model = session.model();
  static_cast<void>(required(arguments, 0, "application"));
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

int destroy_model(const SessionOptions& options, const Arguments& arguments) {
  SessionOptions chosen = options;
  if (!arguments.words().empty()) {
    chosen.model = arguments.word(0);
  }
  if (!std::filesystem::exists(models_directory() / chosen.model)) {
    std::cerr << "There is no model \"" << chosen.model << "\"." << std::endl;
    return 0;
  }
  // The model itself is not read: a broken one can be destroyed too.
  const Store store(models_directory() / chosen.model);
  make_machine(store.machine_directory(), chosen.model)->destroy();
  store.remove();
  std::cerr << "Model destroyed." << std::endl;
  return 0;
}

}  // namespace

std::vector<Command> relation_commands() {
  return {
      {.name = "integrate",
       .usage = "APPLICATION[:ENDPOINT] APPLICATION[:ENDPOINT]",
       .summary = "Integrates two applications.",
       .details = "Endpoints may be left out where only one pair of them fits by interface.",
       .flags = {},
       .run = integrate,
       .alias = "relate"},
      {.name = "remove-relation",
       .usage = "APPLICATION[:ENDPOINT] APPLICATION[:ENDPOINT]",
       .summary = "Removes an integration.",
       .details = "",
       .flags = {},
       .run = remove_relation},
  };
}

std::vector<Command> removal_commands() {
  return {
      {.name = "remove-application",
       .usage = "APPLICATION... [--no-prompt] [--destroy-storage]",
       .summary = "Removes applications with their units and integrations.",
       .details = "",
       .flags = {{.name = "no-prompt", .short_name = {}, .takes_value = false},
                 {.name = "destroy-storage", .short_name = {}, .takes_value = false}},
       .run = remove_application},
      {.name = "destroy-model",
       .usage = "[MODEL] [--no-prompt] [--destroy-storage]",
       .summary = "Ends everything a model runs and deletes it, storage included.",
       .details = "",
       .flags = {{.name = "no-prompt", .short_name = {}, .takes_value = false},
                 {.name = "destroy-storage", .short_name = {}, .takes_value = false}},
       .run = destroy_model},
  };
}

}  // namespace rehearsal::commands
