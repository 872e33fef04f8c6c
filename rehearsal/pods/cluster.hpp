// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pods/machine.hpp"
#include "rehearsal/pods/programs.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace rehearsal {

/// The real Machine: pods are Linux namespaces on this machine. There is no daemon: each command of
/// a model is a separate process, and finds everything that runs in `<directory>/cluster.json`.
///
/// All processes of a model live in one PID namespace, and the end of its first process is the end
/// of everything. That process also holds the network namespace with the bridge (10.1.0.1/9), so
/// nothing of the host's network is touched. Models of the same cluster share the bridge.
///
/// Needs CAP_SYS_ADMIN and CAP_NET_ADMIN; throws MachineError saying so where they are missing.
class Cluster final : public Machine {
 public:
  /// `directory` belongs to the model, on a file system that accepts device binds. `model` is its
  /// name. `neighbours` are the directories of the cluster's other models. Every model locks the
  /// file `network_lock` while it makes or joins the cluster's network.
  Cluster(const std::filesystem::path& directory, std::string model,
          const ClusterPrograms& programs, std::vector<std::filesystem::path> neighbours = {},
          std::filesystem::path network_lock = {});
  ~Cluster() override;

  void create_pod(const PodSpec& spec) override;
  void delete_pod(const std::string& unit, std::chrono::milliseconds grace) override;
  void restart_container(const std::string& unit, const std::string& container) override;
  [[nodiscard]] bool pod_exists(const std::string& unit) const override;
  [[nodiscard]] bool container_running(const std::string& unit,
                                       const std::string& container) const override;

  /// Valid until the pod is deleted: leads through its first process (`/proc/PID/root`).
  [[nodiscard]] std::filesystem::path charm_root(const std::string& unit) const override;
  /// Valid until the container ends or restarts.
  [[nodiscard]] std::filesystem::path container_root(const std::string& unit,
                                                     const std::string& container) const override;
  [[nodiscard]] std::filesystem::path pebble_socket(const std::string& unit,
                                                    const std::string& container) const override;

  ExecutionResult execute(const std::string& unit, const Execution& execution) override;

  void set_names(const std::map<std::string, std::vector<std::string>>& names) override;

  void destroy() override;

  /// Runs a program in a workload container as root, as `kubectl exec` does.
  ExecutionResult execute_in(const std::string& unit, const std::string& container,
                             const Execution& execution);

  /// Listens on 127.0.0.1:`local_port` of this machine (0: any free port). Relays each connection
  /// to the pod's `remote_port`, even after the unit gets a new pod. A detached relay runs until
  /// destroy(), and the port is returned; otherwise this blocks until SIGTERM or SIGINT.
  std::uint16_t port_forward(const std::string& unit, std::uint16_t local_port,
                             std::uint16_t remote_port, bool detach);

  /// Returns the output of a container's first process, for example Pebble and its services.
  [[nodiscard]] std::filesystem::path log_file(const std::string& unit,
                                               const std::string& container) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rehearsal
