// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/cluster_state.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <system_error>

namespace rehearsal::pods {
namespace {

using nlohmann::json;

std::string boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

json to_json(const ProcessIdentity& process) {
  return {{"pid", process.pid}, {"started", process.started}};
}

ProcessIdentity process_from(const json& value) {
  return {.pid = value.at("pid").get<pid_t>(),
          .started = value.at("started").get<unsigned long long>()};
}

json to_json(const PodSpec& spec) {
  json containers = json::array();
  for (const ContainerSpec& container : spec.containers) {
    containers.push_back({{"name", container.name}, {"image", container.image.string()}});
  }
  json storage = json::array();
  for (const StorageMount& mount : spec.storage) {
    storage.push_back({{"id", mount.id},
                       {"location", mount.location},
                       {"container-locations", mount.container_locations}});
  }
  return {{"unit", spec.unit},
          {"address", spec.address},
          {"charm-user", spec.charm_user},
          {"containers", containers},
          {"storage", storage}};
}

PodSpec spec_from(const json& value) {
  PodSpec spec{.unit = value.at("unit").get<std::string>(),
               .address = value.at("address").get<std::string>(),
               .charm_user = value.at("charm-user").get<uid_t>()};
  for (const json& container : value.at("containers")) {
    spec.containers.push_back({.name = container.at("name").get<std::string>(),
                               .image = container.at("image").get<std::string>()});
  }
  for (const json& mount : value.at("storage")) {
    spec.storage.push_back(
        {.id = mount.at("id").get<std::string>(),
         .location = mount.at("location").get<std::string>(),
         .container_locations =
             mount.at("container-locations").get<std::map<std::string, std::string>>()});
  }
  return spec;
}

json to_json(const PodState& pod) {
  json containers = json::object();
  for (const auto& [name, process] : pod.containers) {
    containers[name] = to_json(process);
  }
  return {{"spec", to_json(pod.spec)}, {"charm", to_json(pod.charm)}, {"containers", containers}};
}

PodState pod_from(const json& value) {
  PodState pod{.spec = spec_from(value.at("spec")), .charm = process_from(value.at("charm"))};
  for (const auto& [name, process] : value.at("containers").items()) {
    pod.containers[name] = process_from(process);
  }
  return pod;
}

json to_json(const ForwardState& forward) {
  return {{"process", to_json(forward.process)},
          {"unit", forward.unit},
          {"local-port", forward.local_port},
          {"remote-port", forward.remote_port}};
}

ForwardState forward_from(const json& value) {
  return {.process = process_from(value.at("process")),
          .unit = value.at("unit").get<std::string>(),
          .local_port = value.at("local-port").get<std::uint16_t>(),
          .remote_port = value.at("remote-port").get<std::uint16_t>()};
}

ClusterState state_from(const json& value) {
  ClusterState state;
  if (value.at("boot-id") != boot_id()) {
    return state;
  }
  state.node = process_from(value.at("node"));
  for (const auto& [unit, pod] : value.at("pods").items()) {
    state.pods[unit] = pod_from(pod);
  }
  for (const json& forward : value.at("forwards")) {
    state.forwards.push_back(forward_from(forward));
  }
  return state;
}

}  // namespace

ClusterState ClusterState::load(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) {
    return {};
  }
  try {
    return state_from(json::parse(in));
  } catch (const json::exception& error) {
    throw MachineError(file.string() + " cannot be understood: " + error.what());
  }
}

void ClusterState::save(const std::filesystem::path& file) const {
  json pod_values = json::object();
  for (const auto& [unit, pod] : pods) {
    pod_values[unit] = to_json(pod);
  }
  json forward_values = json::array();
  for (const ForwardState& forward : forwards) {
    forward_values.push_back(to_json(forward));
  }
  const json value = {{"boot-id", boot_id()},
                      {"node", to_json(node)},
                      {"pods", pod_values},
                      {"forwards", forward_values}};
  const std::filesystem::path next = file.string() + ".new";
  {
    std::ofstream out(next);
    out << value.dump(2) << '\n';
    if (!out.flush()) {
      throw MachineError("cannot write " + next.string());
    }
  }
  std::filesystem::rename(next, file);
}

}  // namespace rehearsal::pods
