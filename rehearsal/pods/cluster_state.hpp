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

/// An existing pod: its specification and its first processes.
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

/// The running processes of a model: the content of `cluster.json`.
struct ClusterState {
  ProcessIdentity node;
  std::map<std::string, PodState> pods;
  std::vector<ForwardState> forwards;

  /// Reads the file. Returns an empty state if there is none, or if it is older than the machine's
  /// last start. Throws MachineError for an unknown content.
  [[nodiscard]] static ClusterState load(const std::filesystem::path& file);
  /// Replaces the file in one step.
  void save(const std::filesystem::path& file) const;
};

}  // namespace rehearsal::pods
