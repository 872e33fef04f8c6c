// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pods/file_system.hpp"
#include "rehearsal/pods/machine.hpp"
#include "rehearsal/pods/programs.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace rehearsal::pods {

/// The name of a unit's pod as Kubernetes has it: `hockeypuck-k8s/0` is `hockeypuck-k8s-0`.
[[nodiscard]] std::string pod_name(const std::string& unit);

/// The root directory of a running process, as a path of this machine.
[[nodiscard]] std::filesystem::path root_of(pid_t process);

/// The files of a model's pods, below its directory: `pods/<pod>/` with the containers' roots,
/// sockets and logs, `storage/` which outlives them, and the hosts file that they share.
class PodFiles {
 public:
  explicit PodFiles(const std::filesystem::path& directory);

  /// Makes what the containers of a pod share, its storage included.
  void make_pod(const PodSpec& spec) const;
  void remove_pod(const std::string& unit) const;
  /// All but storage.
  void remove_all() const;

  [[nodiscard]] FileSystem make_charm(const PodSpec& spec, const ClusterPrograms& programs) const;
  [[nodiscard]] FileSystem make_workload(const PodSpec& spec, const ContainerSpec& container,
                                         const ClusterPrograms& programs) const;

  [[nodiscard]] std::filesystem::path socket(const std::string& unit,
                                             const std::string& container) const;
  [[nodiscard]] std::filesystem::path log(const std::string& unit,
                                          const std::string& container) const;
  [[nodiscard]] std::filesystem::path storage(const std::string& id) const;

  /// Rewrites the hosts file in place, so that running containers see it.
  void write_hosts(const std::map<std::string, std::vector<std::string>>& names) const;

 private:
  [[nodiscard]] std::filesystem::path pod(const std::string& unit) const;
  [[nodiscard]] std::filesystem::path hosts() const;

  std::filesystem::path directory_;
};

}  // namespace rehearsal::pods
