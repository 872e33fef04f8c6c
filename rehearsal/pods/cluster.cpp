// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/cluster.hpp"

#include "rehearsal/pods/cluster_state.hpp"
#include "rehearsal/pods/container.hpp"
#include "rehearsal/pods/descriptor.hpp"
#include "rehearsal/pods/execution.hpp"
#include "rehearsal/pods/namespaces.hpp"
#include "rehearsal/pods/network.hpp"
#include "rehearsal/pods/pod_files.hpp"
#include "rehearsal/pods/port_forward.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace rehearsal {
namespace {

namespace fs = std::filesystem;
using pods::ClusterState;
using pods::Descriptor;
using pods::PodFiles;
using pods::PodState;
using pods::ProcessIdentity;

constexpr std::chrono::seconds pebble_start_limit(20);
constexpr std::chrono::seconds restart_grace(2);

const PodState& find_pod(const ClusterState& state, const std::string& unit) {
  const auto pod = state.pods.find(unit);
  if (pod == state.pods.end() || !pods::alive(pod->second.charm)) {
    throw MachineError("there is no pod " + unit);
  }
  return pod->second;
}

const ProcessIdentity& find_container(const ClusterState& state, const std::string& unit,
                                      const std::string& container) {
  const PodState& pod = find_pod(state, unit);
  const auto process = pod.containers.find(container);
  if (process == pod.containers.end()) {
    throw MachineError("pod " + unit + " has no container " + container);
  }
  return process->second;
}

const ProcessIdentity& find_running_container(const ClusterState& state, const std::string& unit,
                                              const std::string& container) {
  const ProcessIdentity& process = find_container(state, unit, container);
  if (!pods::alive(process)) {
    throw MachineError("container " + container + " of " + unit + " does not run");
  }
  return process;
}

/// One change of the cluster at a time, whichever process makes it.
Descriptor lock(const fs::path& file) {
  Descriptor descriptor(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!descriptor.valid() || flock(descriptor.number(), LOCK_EX) != 0) {
    pods::throw_machine_error("lock " + file.string(), errno);
  }
  return descriptor;
}

}  // namespace

struct Cluster::Parts {
  fs::path directory;
  std::string model;
  ClusterPrograms programs;
  PodFiles files;

  [[nodiscard]] fs::path state_file() const { return directory / "cluster.json"; }

  [[nodiscard]] ClusterState state() const { return ClusterState::load(state_file()); }

  [[nodiscard]] Descriptor locked() const { return lock(directory / "cluster.lock"); }

  void save(const ClusterState& state) const { state.save(state_file()); }

  void require_node(ClusterState& state) const {
    if (pods::alive(state.node)) {
      return;
    }
    state = {};
    state.node = pods::start_node(programs.pause);
    try {
      pods::make_bridge(state.node.pid);
    } catch (const MachineError&) {
      pods::end_process(state.node);
      throw;
    }
    save(state);
  }

  void start_charm(const ClusterState& state, PodState& pod) const {
    pod.charm = pods::start_container({.node = state.node.pid,
                                       .hostname = pods::pod_name(pod.spec.unit),
                                       .file_system = files.make_charm(pod.spec, programs),
                                       .argv = {"/charm/bin/pause"},
                                       .log = files.log(pod.spec.unit, "charm")});
    pods::connect_pod(state.node.pid, pod.charm.pid, pod.spec.address);
  }

  void start_workload(const ClusterState& state, PodState& pod, std::size_t index) const {
    const ContainerSpec& container = pod.spec.containers[index];
    const fs::path socket = files.socket(pod.spec.unit, container.name);
    fs::remove(socket);
    const fs::path log = files.log(pod.spec.unit, container.name);
    const ProcessIdentity process = pods::start_container(
        {.node = state.node.pid,
         .network = pod.charm.pid,
         .hostname = pods::pod_name(pod.spec.unit),
         .file_system = files.make_workload(pod.spec, container, programs),
         .argv = pebble_command(index, pod.spec.charm_user),
         .environment = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                         "HOME=/root", "JUJU_CONTAINER_NAME=" + container.name,
                         "PEBBLE=/var/lib/pebble/default",
                         "PEBBLE_SOCKET=/charm/container/pebble.socket"},
         .log = log});
    pod.containers[container.name] = process;
    pods::await_pebble(readiness(socket, pod.spec.charm_user), process, log, pebble_start_limit);
  }

  /// A charm that is not root is Pebble's admin by an identity (Pebble 1.15 and newer), which is
  /// there a moment after the socket.
  static pods::PebbleReadiness readiness(const fs::path& socket, uid_t charm_user) {
    if (charm_user == 0) {
      return {.socket = socket, .target = "/v1/system-info", .expected = "version"};
    }
    return {.socket = socket,
            .target = "/v1/identities",
            .expected = "\"user-id\":" + std::to_string(charm_user)};
  }

  /// As Juju has it, each container's Pebble listens on a port of its own.
  static std::vector<std::string> pebble_command(std::size_t index, uid_t charm_user) {
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

  void start_pod(const ClusterState& state, PodState& pod) const {
    start_charm(state, pod);
    for (std::size_t i = 0; i < pod.spec.containers.size(); ++i) {
      start_workload(state, pod, i);
    }
  }

  /// All containers are asked at once; together they have `grace`.
  static void end_containers(const PodState& pod, std::chrono::milliseconds grace) {
    const auto end = std::chrono::steady_clock::now() + grace;
    for (const auto& [name, process] : pod.containers) {
      pods::send_signal(process, SIGTERM);
    }
    for (const auto& [name, process] : pod.containers) {
      pods::wait_for_end(process, std::chrono::duration_cast<std::chrono::milliseconds>(
                                      end - std::chrono::steady_clock::now()));
      pods::end_process(process);
    }
  }

  void end_pod(const ClusterState& state, const PodState& pod,
               std::chrono::milliseconds grace) const {
    end_containers(pod, grace);
    if (pods::alive(state.node)) {
      // The kernel would do it too, but some time after the end of the last process.
      pods::disconnect_pod(state.node.pid, pod.spec.address);
    }
    pods::end_process(pod.charm);
    files.remove_pod(pod.spec.unit);
  }
};

Cluster::Cluster(const fs::path& directory, std::string model, ClusterPrograms programs)
    : parts_(std::make_unique<Parts>(Parts{.directory = directory,
                                           .model = std::move(model),
                                           .programs = std::move(programs),
                                           .files = PodFiles(directory)})) {
  fs::create_directories(directory);
}

Cluster::~Cluster() = default;

void Cluster::create_pod(const PodSpec& spec) {
  const Descriptor guard = parts_->locked();
  ClusterState state = parts_->state();
  parts_->require_node(state);
  const auto existing = state.pods.find(spec.unit);
  if (existing != state.pods.end()) {
    if (pods::alive(existing->second.charm)) {
      throw MachineError("there is a pod " + spec.unit + " already");
    }
    parts_->end_pod(state, existing->second, std::chrono::milliseconds(0));
  }
  PodState pod{.spec = spec};
  try {
    parts_->files.make_pod(spec);
    parts_->start_pod(state, pod);
  } catch (...) {
    parts_->end_pod(state, pod, std::chrono::milliseconds(0));
    throw;
  }
  state.pods[spec.unit] = pod;
  parts_->save(state);
}

void Cluster::delete_pod(const std::string& unit, std::chrono::milliseconds grace) {
  const Descriptor guard = parts_->locked();
  ClusterState state = parts_->state();
  const auto pod = state.pods.find(unit);
  if (pod == state.pods.end()) {
    return;
  }
  parts_->end_pod(state, pod->second, grace);
  state.pods.erase(pod);
  parts_->save(state);
}

void Cluster::restart_container(const std::string& unit, const std::string& container) {
  const Descriptor guard = parts_->locked();
  ClusterState state = parts_->state();
  const ProcessIdentity process = find_container(state, unit, container);
  pods::send_signal(process, SIGTERM);
  pods::wait_for_end(process, restart_grace);
  pods::end_process(process);
  PodState& pod = state.pods.at(unit);
  for (std::size_t i = 0; i < pod.spec.containers.size(); ++i) {
    if (pod.spec.containers[i].name == container) {
      parts_->start_workload(state, pod, i);
    }
  }
  parts_->save(state);
}

bool Cluster::pod_exists(const std::string& unit) const {
  const ClusterState state = parts_->state();
  const auto pod = state.pods.find(unit);
  return pod != state.pods.end() && pods::alive(pod->second.charm);
}

bool Cluster::container_running(const std::string& unit, const std::string& container) const {
  const ClusterState state = parts_->state();
  const auto pod = state.pods.find(unit);
  if (pod == state.pods.end()) {
    return false;
  }
  const auto process = pod->second.containers.find(container);
  return process != pod->second.containers.end() && pods::alive(process->second);
}

fs::path Cluster::charm_root(const std::string& unit) const {
  return pods::root_of(find_pod(parts_->state(), unit).charm.pid);
}

fs::path Cluster::container_root(const std::string& unit, const std::string& container) const {
  return pods::root_of(find_running_container(parts_->state(), unit, container).pid);
}

fs::path Cluster::pebble_socket(const std::string& unit, const std::string& container) const {
  return parts_->files.socket(unit, container);
}

fs::path Cluster::log_file(const std::string& unit, const std::string& container) const {
  return parts_->files.log(unit, container);
}

ExecutionResult Cluster::execute(const std::string& unit, const Execution& execution) {
  const ClusterState state = parts_->state();
  const PodState& pod = find_pod(state, unit);
  return pods::run_inside(pod.charm.pid, pod.spec.charm_user, execution);
}

ExecutionResult Cluster::execute_in(const std::string& unit, const std::string& container,
                                    const Execution& execution) {
  const ClusterState state = parts_->state();
  return pods::run_inside(find_running_container(state, unit, container).pid, 0, execution);
}

void Cluster::set_names(const std::map<std::string, std::vector<std::string>>& names) {
  const Descriptor guard = parts_->locked();
  parts_->files.write_hosts(names);
}

std::uint16_t Cluster::port_forward(const std::string& unit, std::uint16_t local_port,
                                    std::uint16_t remote_port, bool detach) {
  const pods::LocalListener listener = pods::listen_locally(local_port);
  Descriptor guard = parts_->locked();
  ClusterState state = parts_->state();
  find_pod(state, unit);
  const fs::path state_file = fs::absolute(parts_->state_file());
  const pods::RelayTarget target{
      .network = state.node.pid,
      .address = [state_file, unit]() -> std::optional<std::string> {
        const ClusterState now = ClusterState::load(state_file);
        const auto pod = now.pods.find(unit);
        return pod == now.pods.end() ? std::nullopt : std::optional(pod->second.spec.address);
      },
      .port = remote_port};
  if (!detach) {
    guard.reset();
    pods::relay_here(listener, target);
    return listener.port;
  }
  std::erase_if(state.forwards,
                [](const pods::ForwardState& old) { return !pods::alive(old.process); });
  state.forwards.push_back({.process = pods::start_relay(state.node.pid, listener, target),
                            .unit = unit,
                            .local_port = listener.port,
                            .remote_port = remote_port});
  parts_->save(state);
  return listener.port;
}

void Cluster::destroy() {
  const Descriptor guard = parts_->locked();
  pods::end_process(parts_->state().node);
  parts_->files.remove_all();
  fs::remove(parts_->state_file());
}

}  // namespace rehearsal
