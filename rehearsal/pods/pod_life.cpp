// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/pod_life.hpp"

#include "rehearsal/pods/container.hpp"
#include "rehearsal/pods/network.hpp"

#include <csignal>

namespace rehearsal::pods {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds pebble_start_limit(20);

/// A charm that is not root is Pebble's admin by an identity (Pebble 1.15 and newer), which is
/// there a moment after the socket.
PebbleReadiness readiness(const fs::path& socket, uid_t charm_user) {
  if (charm_user == 0) {
    return {.socket = socket, .target = "/v1/system-info", .expected = "version"};
  }
  return {.socket = socket,
          .target = "/v1/identities",
          .expected = "\"user-id\":" + std::to_string(charm_user)};
}

/// As Juju has it, each container's Pebble listens on a port of its own.
std::vector<std::string> pebble_command(std::size_t index, uid_t charm_user) {
  constexpr std::size_t first_port = 38813;
  std::vector<std::string> command = {"/charm/bin/pebble",
                                      "run",
                                      "--create-dirs",
                                      "--hold",
                                      "--http",
                                      ":" + std::to_string(first_port + index),
                                      "--verbose"};
  if (charm_user != 0) {
    command.insert(command.end(), {"--identities", "/charm/identities.yaml"});
  }
  return command;
}

/// All containers are asked at once; together they have `grace`.
void end_containers(const PodState& pod, std::chrono::milliseconds grace) {
  const auto end = std::chrono::steady_clock::now() + grace;
  for (const auto& [name, process] : pod.containers) {
    send_signal(process, SIGTERM);
  }
  for (const auto& [name, process] : pod.containers) {
    wait_for_end(process, std::chrono::duration_cast<std::chrono::milliseconds>(
                              end - std::chrono::steady_clock::now()));
    end_process(process);
  }
}

}  // namespace

void PodLife::start_charm(const ProcessIdentity& node, PodState& pod) const {
  pod.charm = start_container({.node = node.pid,
                               .hostname = pod_name(pod.spec.unit),
                               .file_system = files_->make_charm(pod.spec, *programs_),
                               .argv = {"/charm/bin/pause"},
                               .log = files_->log(pod.spec.unit, "charm")});
  connect_pod(node.pid, pod.charm.pid, pod.spec.address);
}

void PodLife::start_workload(const ProcessIdentity& node, PodState& pod, std::size_t index) const {
  const ContainerSpec& container = pod.spec.containers[index];
  const fs::path socket = files_->socket(pod.spec.unit, container.name);
  fs::remove(socket);
  const fs::path log = files_->log(pod.spec.unit, container.name);
  const ProcessIdentity process = start_container(
      {.node = node.pid,
       .network = pod.charm.pid,
       .hostname = pod_name(pod.spec.unit),
       .file_system = files_->make_workload(pod.spec, container, *programs_),
       .argv = pebble_command(index, pod.spec.charm_user),
       .environment = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                       "HOME=/root", "JUJU_CONTAINER_NAME=" + container.name,
                       "PEBBLE=/var/lib/pebble/default",
                       "PEBBLE_SOCKET=/charm/container/pebble.socket"},
       .log = log});
  pod.containers[container.name] = process;
  await_pebble(readiness(socket, pod.spec.charm_user), process, log, pebble_start_limit);
}

void PodLife::start(const ProcessIdentity& node, PodState& pod) const {
  start_charm(node, pod);
  for (std::size_t i = 0; i < pod.spec.containers.size(); ++i) {
    start_workload(node, pod, i);
  }
}

void PodLife::end(const ProcessIdentity& node, const PodState& pod,
                  std::chrono::milliseconds grace) const {
  end_containers(pod, grace);
  if (alive(node)) {
    // The kernel would do it too, but some time after the end of the last process.
    disconnect_pod(node.pid, pod.spec.address);
  }
  end_process(pod.charm);
  files_->remove_pod(pod.spec.unit);
}

void PodLife::start_workload(const ProcessIdentity& node, PodState& pod,
                             const std::string& container) const {
  for (std::size_t i = 0; i < pod.spec.containers.size(); ++i) {
    if (pod.spec.containers[i].name == container) {
      start_workload(node, pod, i);
    }
  }
}

}  // namespace rehearsal::pods
