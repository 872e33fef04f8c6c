// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/cluster_state.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <system_error>

namespace rehearsal {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StorageMount, id, location, container_locations)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ContainerSpec, name, image)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PodSpec, unit, address, dns_name, charm_user, containers,
                                   storage)

namespace pods {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ProcessIdentity, pid, started)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PodState, spec, charm, containers)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ForwardState, process, unit, local_port, remote_port)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ClusterState, node, pods, forwards)

namespace {

using nlohmann::json;

constexpr const char* boot_key = "boot-id";

std::string boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

}  // namespace

ClusterState ClusterState::load(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) {
    return {};
  }
  try {
    const json value = json::parse(in);
    return value.at(boot_key) == boot_id() ? value.get<ClusterState>() : ClusterState{};
  } catch (const json::exception& error) {
    throw MachineError(file.string() + " is not valid: " + error.what());
  }
}

void ClusterState::save(const std::filesystem::path& file) const {
  json value = *this;
  value[boot_key] = boot_id();
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

}  // namespace pods
}  // namespace rehearsal
