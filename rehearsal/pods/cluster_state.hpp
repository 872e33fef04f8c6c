// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pods/machine.hpp"
#include "rehearsal/pods/processes.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace rehearsal::pods {

/// A pod that was made: what it is and its first processes.
struct PodState {
  PodSpec spec;
  ProcessIdentity charm;  ///< Also holds the pod's network namespace.
  std::map<std::string, ProcessIdentity> containers;
};

/// A detached relay of a local port.
struct ForwardState {
  ProcessIdentity process;
  std::string unit;
  std::uint16_t local_port = 0;
  std::uint16_t remote_port = 0;
};

/// What runs for a model: the content of `cluster.json`.
struct ClusterState {
  ProcessIdentity node;
  std::map<std::string, PodState> pods;
  std::vector<ForwardState> forwards;

  /// Reads the file; empty when there is none, or when it was written before the machine's last
  /// start. Throws MachineError when it cannot be understood.
  [[nodiscard]] static ClusterState load(const std::filesystem::path& file);
  /// Replaces the file in one step.
  void save(const std::filesystem::path& file) const;
};

}  // namespace rehearsal::pods
