// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/cluster.hpp"

#include "rehearsal/pods/cluster_state.hpp"
#include "rehearsal/pods/execution.hpp"
#include "rehearsal/pods/network.hpp"
#include "rehearsal/pods/pods.hpp"
#include "rehearsal/pods/processes.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <optional>
#include <tuple>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rehearsal {
namespace {

namespace fs = std::filesystem;
using pods::ClusterState;
using pods::Descriptor;
using pods::PodState;
using pods::ProcessIdentity;

constexpr std::chrono::seconds restart_grace(2);

const PodState& find_pod(const ClusterState& state, const std::string& unit) {
  const auto pod = state.pods.find(unit);
  if (pod == state.pods.end() || !pods::alive(pod->second.charm)) {
    throw MachineError("pod " + unit + " does not exist");
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
    throw MachineError("container " + container + " of " + unit + " is not running");
  }
  return process;
}

fs::path state_file_in(const fs::path& directory) {
  return directory / "cluster.json";
}

/// Differs from that of a file that replaces this one.
using FileVersion = std::tuple<ino_t, off_t, time_t, long>;

FileVersion version_of(const fs::path& file) {
  struct stat found = {};
  stat(file.c_str(), &found);
  return {found.st_ino, found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
}

/// Only one process changes the cluster at a time.
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
  std::vector<fs::path> neighbours;
  fs::path network_lock;
  pods::Pods all_pods;
  mutable std::mutex known_mutex{};
  mutable std::optional<FileVersion> known_version{};
  mutable ClusterState known{};

  [[nodiscard]] fs::path state_file() const { return state_file_in(directory); }

  /// Most questions about a pod need the state, and few of them follow a change. So the file is
  /// read only after it was replaced.
  [[nodiscard]] ClusterState state() const {
    const FileVersion version = version_of(state_file());
    const std::lock_guard guard(known_mutex);
    if (known_version != version) {
      known_version = version;
      known = ClusterState::load(state_file());
    }
    return known;
  }

  [[nodiscard]] Descriptor locked() const { return lock(directory / "cluster.lock"); }

  void save(const ClusterState& state) const {
    state.save(state_file());
    const std::lock_guard guard(known_mutex);
    known_version.reset();
  }

  void require_node(ClusterState& state) const {
    if (pods::alive(state.node)) {
      return;
    }
    state = {};
    // Two models that start at the same time must find the same network.
    const Descriptor guard = lock(network_lock.empty() ? directory / "network.lock" : network_lock);
    const std::optional<pid_t> network = shared_network();
    state.node = all_pods.start_node(network);
    try {
      if (!network) {
        pods::make_bridge(state.node.pid);
      }
    } catch (const MachineError&) {
      pods::end_process(state.node);
      throw;
    }
    save(state);
  }

  /// A process in the network of the models that run.
  [[nodiscard]] std::optional<pid_t> shared_network() const {
    for (const fs::path& neighbour : neighbours) {
      const ClusterState other = ClusterState::load(state_file_in(neighbour));
      if (pods::alive(other.node)) {
        return other.node.pid;
      }
    }
    return std::nullopt;
  }
};

Cluster::Cluster(const fs::path& directory, std::string model, const ClusterPrograms& programs,
                 std::vector<fs::path> neighbours, fs::path network_lock)
    : parts_(new Parts{.directory = directory,
                       .model = std::move(model),
                       .neighbours = std::move(neighbours),
                       .network_lock = std::move(network_lock),
                       .all_pods = pods::Pods(directory, programs)}) {
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
      throw MachineError("pod " + spec.unit + " already exists");
    }
    parts_->all_pods.end(state.node, existing->second, std::chrono::milliseconds(0));
  }
  PodState pod{.spec = spec};
  try {
    parts_->all_pods.start(state.node, pod);
  } catch (...) {
    parts_->all_pods.end(state.node, pod, std::chrono::milliseconds(0));
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
  parts_->all_pods.end(state.node, pod->second, grace);
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
  try {
    parts_->all_pods.start_workload(state.node, state.pods.at(unit), container);
  } catch (const MachineError&) {
    parts_->save(state);  // Processes that did start must end with the pod.
    throw;
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
  return parts_->all_pods.socket(unit, container);
}

fs::path Cluster::log_file(const std::string& unit, const std::string& container) const {
  return parts_->all_pods.log(unit, container);
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
  parts_->all_pods.write_hosts(names, parts_->state().pods);
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
  parts_->all_pods.remove_files();
  fs::remove(parts_->state_file());
}

}  // namespace rehearsal
