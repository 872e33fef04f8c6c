// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/tools/tool.hpp"

#include <nlohmann/json.hpp>

namespace rehearsal::tools {
namespace {

using Json = nlohmann::json;

/// Stands for the Kubernetes API: a charm that would make a Service pointing at one of its pods
/// says so here. `set NAME UNIT` makes NAME.<model>.svc.cluster.local resolve to the unit.
Json rehearsal_service(const Call& call) {
  const std::string verb = call.arguments.word(0);
  const std::string name = call.arguments.word(1);
  const bool setting = verb == "set";
  if ((!setting && verb != "unset") || name.empty()) {
    throw usage_error("expected set NAME UNIT or unset NAME");
  }
  call.arguments.at_most(setting ? 3 : 2);
  Model& model = call.context.model;
  if (!setting) {
    model.services.erase(name);
  } else {
    const std::string unit = call.arguments.word(2);
    if (model.units.count(unit) == 0 || app_of(unit) != app_of(call.context.unit_name)) {
      throw run_error("unit \"" + unit + "\" is not of this application");
    }
    model.services[name] = unit;
  }
  call.context.names_changed();
  return {};
}

}  // namespace

std::vector<Tool> service_tools() {
  return {{.name = "rehearsal-service", .flags = {}, .run = rehearsal_service}};
}

}  // namespace rehearsal::tools
