// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/names.hpp"

namespace rehearsal {

std::map<std::string, std::vector<std::string>> model_names(const Model& model) {
  std::map<std::string, std::vector<std::string>> names;
  const auto add = [&](const std::string& name, const std::string& address) {
    if (address.empty()) {
      return;
    }
    for (const char* suffix : {".svc.cluster.local", ".svc", ""}) {
      names[name + "." + model.name + suffix].push_back(address);
    }
  };
  for (const auto& [name, app] : model.applications) {
    for (const std::string& member : model.units_of(name)) {
      const std::string& address = model.unit(member).address;
      add(name, address);
      add(name + "-endpoints", address);
      add(name + "-" + std::to_string(number_of(member)) + "." + name + "-endpoints", address);
    }
  }
  for (const auto& [name, unit] : model.services) {
    if (const auto found = model.units.find(unit); found != model.units.end()) {
      add(name, found->second.address);
    }
  }
  return names;
}

}  // namespace rehearsal
