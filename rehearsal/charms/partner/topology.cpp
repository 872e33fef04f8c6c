// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/charms/partner/topology.hpp"

#include "charm/domain/error.hpp"

#include <nlohmann/json.hpp>

#include <regex>

namespace rehearsal::partner {
namespace {

using nlohmann::json;

Topology checked(Topology topology) {
  static const std::regex version_4(
      "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  if (!std::regex_match(topology.model_uuid, version_4)) {
    throw charm::Error("'" + topology.model_uuid + "' is not a valid UUID4");
  }
  return topology;
}

}  // namespace

std::string Topology::identifier() const {
  return model + "_" + model_uuid.substr(0, 8) + "_" + application;
}

json Topology::labels() const {
  json labels = {
      {"juju_model", model}, {"juju_model_uuid", model_uuid}, {"juju_application", application}};
  if (!charm.empty()) {
    labels["juju_charm"] = charm;
  }
  return labels;
}

Topology topology_of_metadata(const json& metadata) {
  return checked({.model = metadata.at("model"),
                  .model_uuid = metadata.at("model_uuid"),
                  .application = metadata.at("application"),
                  .charm = metadata.value("charm_name", "")});
}

bool has_topology(const json& labels) {
  return labels.contains("juju_model") && labels.contains("juju_model_uuid") &&
         labels.contains("juju_application");
}

Topology topology_of_labels(const json& labels) {
  return checked({.model = labels.at("juju_model"),
                  .model_uuid = labels.at("juju_model_uuid"),
                  .application = labels.at("juju_application"),
                  .charm = labels.value("juju_charm", "")});
}

std::string without_placeholder(const std::string& expression) {
  static const std::regex placeholder("%%juju_topology%%,?");
  return std::regex_replace(expression, placeholder, "");
}

}  // namespace rehearsal::partner
