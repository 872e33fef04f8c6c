// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pods/cluster_state.hpp"
#include "rehearsal/pods/pod_files.hpp"
#include "rehearsal/pods/programs.hpp"

#include <chrono>
#include <string>

namespace rehearsal::pods {

/// How pods start and end on a model's node.
class PodLife {
 public:
  PodLife(const PodFiles& files, const ClusterPrograms& programs)
      : files_(&files), programs_(&programs) {}

  /// Starts all of the pod's containers and waits for each Pebble, noting the processes in `pod` as
  /// they come. Throws MachineError.
  void start(const ProcessIdentity& node, PodState& pod) const;
  /// Starts one workload container, likewise.
  void start_workload(const ProcessIdentity& node, PodState& pod,
                      const std::string& container) const;
  /// Ends all of it, workloads first, and deletes its files.
  void end(const ProcessIdentity& node, const PodState& pod, std::chrono::milliseconds grace) const;

 private:
  void start_charm(const ProcessIdentity& node, PodState& pod) const;
  void start_workload(const ProcessIdentity& node, PodState& pod, std::size_t index) const;

  const PodFiles* files_;
  const ClusterPrograms* programs_;
};

}  // namespace rehearsal::pods
