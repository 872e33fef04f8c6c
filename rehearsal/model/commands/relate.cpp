// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/relations.hpp"

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

}  // namespace rehearsal::commands
