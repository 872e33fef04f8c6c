// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "topology.hpp"

#include <nlohmann/json.hpp>

namespace charm::cos {

std::string topology_identifier(const Unit& unit) {
  return unit.model + "_" + unit.model_uuid.substr(0, 8) + "_" + unit.app;
}

std::string topology_matchers(const Unit& unit) {
  return "juju_model=\"" + unit.model + "\",juju_model_uuid=\"" + unit.model_uuid +
         "\",juju_application=\"" + unit.app + "\"";
}

nlohmann::json topology(const Unit& unit) {
  return {{"model", unit.model},
          {"model_uuid", unit.model_uuid},
          {"application", unit.app},
          {"unit", unit.name}};
}

nlohmann::json topology_metadata(const Unit& unit) {
  auto metadata = topology(unit);
  metadata["charm_name"] = charm_name;
  return metadata;
}

}  // namespace charm::cos
