// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <sys/types.h>

namespace rehearsal {

/// Kubernetes ends a pod this long after the request, including the stop hook.
constexpr std::chrono::seconds termination_grace{30};

/// The group of every charm that is not root, and of its storage.
constexpr gid_t juju_group = 170;

/// The machine cannot do the requested work. The text says what to do about it.
class MachineError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A storage instance of a unit: a directory that outlives the pod.
struct StorageMount {
  std::string id;                                          ///< `prefix-tree/0`
  std::string location;                                    ///< The path in the charm container.
  std::map<std::string, std::string> container_locations;  ///< Mount point by container name.
};

/// A workload container. The image becomes its root: an OCI bundle or a root file system. Without
/// one, and with a folder that has `rehearsal-image.json`, the machine's own programs are in it.
struct ContainerSpec {
  std::string name;
  std::filesystem::path image;  ///< Copied at each start of the container; may be empty.
};

/// A unit as a pod: one network namespace, and a mount and PID namespace for each container and for
/// the charm.
struct PodSpec {
  std::string unit;           ///< `hockeypuck-k8s/0`
  std::string address;        ///< On the model's private bridge, for example `10.1.0.5`.
  std::string dns_name = {};  ///< What the pod finds as its own full name.
  uid_t charm_user = 0;       ///< The user of dispatch: 0, or 170 for `charm-user: non-root`.
  std::vector<ContainerSpec> containers;
  std::vector<StorageMount> storage;
};

/// One run of a program in a unit's charm container.
struct Execution {
  std::vector<std::string> argv;
  std::map<std::string, std::string> environment;  ///< The whole environment; nothing is inherited.
  std::string directory;                           ///< Inside the container.
  std::chrono::milliseconds limit = std::chrono::minutes(5);
  std::optional<int> input = std::nullopt;  ///< Descriptor of standard input; absent: empty.
  /// Descriptors for its output as it is; none: lines for `on_line`.
  std::optional<int> output = std::nullopt;
  std::optional<int> error = std::nullopt;
  std::function<void(bool is_stderr, const std::string& line)> on_line;
};

/// The end of an execution: an exit code, or 128 + the signal.
struct ExecutionResult {
  int exit_code = 0;
  bool timed_out = false;
  /// Of the program and the children that it waited for.
  double user_cpu_seconds = 0;
  double system_cpu_seconds = 0;
  double own_cpu_seconds = 0;  ///< Of the program alone, user and system.
  long max_rss_kib = 0;        ///< Of the largest single process among them.
};

/// The place where a model's pods run. The real one is the Cluster (namespaces, bridge, Pebble).
/// Tests of the model alone may use another.
class Machine {
 public:
  virtual ~Machine() = default;

  /// Makes the pod and starts Pebble in each of its containers. Names already resolve.
  virtual void create_pod(const PodSpec& spec) = 0;
  /// Ends all its processes (SIGTERM, then SIGKILL after `grace`) and deletes its file systems.
  /// Storage stays.
  virtual void delete_pod(const std::string& unit, std::chrono::milliseconds grace) = 0;
  /// Restarts one workload container: its file system and Pebble's layers are new again.
  virtual void restart_container(const std::string& unit, const std::string& container) = 0;
  [[nodiscard]] virtual bool pod_exists(const std::string& unit) const = 0;
  [[nodiscard]] virtual bool container_running(const std::string& unit,
                                               const std::string& container) const = 0;

  /// Returns the root of the charm container as a path of this machine: /x there is charm_root()/x
  /// here.
  [[nodiscard]] virtual std::filesystem::path charm_root(const std::string& unit) const = 0;
  /// Returns the root of a workload container in the same way.
  [[nodiscard]] virtual std::filesystem::path container_root(
      const std::string& unit, const std::string& container) const = 0;
  /// Returns Pebble's socket of a workload container as a path of this machine. The path may exceed
  /// sun_path: open it through its directory.
  [[nodiscard]] virtual std::filesystem::path pebble_socket(const std::string& unit,
                                                            const std::string& container) const = 0;

  /// Runs a program in the charm container as the pod's charm user.
  virtual ExecutionResult execute(const std::string& unit, const Execution& execution) = 0;

  /// Replaces the model's DNS: each name resolves to these addresses in every pod.
  virtual void set_names(const std::map<std::string, std::vector<std::string>>& names) = 0;

  /// Ends all pods and deletes everything except storage.
  virtual void destroy() = 0;
};

}  // namespace rehearsal
