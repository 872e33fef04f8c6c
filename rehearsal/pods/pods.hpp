// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pods/cluster_state.hpp"
#include "rehearsal/pods/file_system.hpp"
#include "rehearsal/pods/programs.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace rehearsal::pods {

/// The root directory of a running process, as a path of this machine.
[[nodiscard]] std::filesystem::path root_of(pid_t process);

/// How the pods of a model start and end on its node. Their files are below the model's directory:
/// `pods/<pod>/` with the containers' roots, sockets, logs and hosts file, `storage/` which
/// outlives them, and the names that all hosts files hold.
class Pods {
 public:
  Pods(const std::filesystem::path& directory, const ClusterPrograms& programs);

  /// Starts the node: an idle process with new namespaces.
  [[nodiscard]] ProcessIdentity start_node(std::optional<pid_t> network) const;
  /// Makes the pod's files, starts all of its containers and waits for each Pebble. Adds each
  /// process to `pod` immediately. Throws MachineError.
  void start(const ProcessIdentity& node, PodState& pod) const;
  /// Starts one workload container in the same way.
  void start_workload(const ProcessIdentity& node, PodState& pod,
                      const std::string& container) const;
  /// Ends the pod, workloads first, and deletes its files.
  void end(const ProcessIdentity& node, const PodState& pod, std::chrono::milliseconds grace) const;
  /// Deletes all files except storage.
  void remove_files() const;

  /// Returns Pebble's socket of a workload container.
  [[nodiscard]] std::filesystem::path socket(const std::string& unit,
                                             const std::string& container) const;
  /// Returns the output of a container's first process.
  [[nodiscard]] std::filesystem::path log(const std::string& unit,
                                          const std::string& container) const;

  /// Rewrites the hosts files of these pods in place, so that running containers see it. Later pods
  /// get the same names.
  void write_hosts(const std::map<std::string, std::vector<std::string>>& names,
                   const std::map<std::string, PodState>& pods) const;

 private:
  [[nodiscard]] std::filesystem::path folder(const std::string& unit) const;
  [[nodiscard]] std::filesystem::path storage(const std::string& id) const;
  [[nodiscard]] std::filesystem::path names_file() const;
  [[nodiscard]] std::filesystem::path hosts(const std::string& unit) const;
  void write_own_hosts(const PodSpec& spec) const;
  void make_folders(const PodSpec& spec) const;
  [[nodiscard]] FileSystem charm_files(const PodSpec& spec) const;
  [[nodiscard]] FileSystem workload_files(const PodSpec& spec,
                                          const ContainerSpec& container) const;
  void start_charm(const ProcessIdentity& node, PodState& pod) const;
  void start_workload(const ProcessIdentity& node, PodState& pod, std::size_t index) const;

  std::filesystem::path directory_;
  ClusterPrograms programs_;
};

}  // namespace rehearsal::pods
