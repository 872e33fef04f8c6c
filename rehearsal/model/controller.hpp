// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/agent.hpp"
#include "rehearsal/model/journal.hpp"
#include "rehearsal/model/model.hpp"
#include "rehearsal/pods/machine.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace rehearsal {

/// The places of the controller's files.
struct ControllerFiles {
  std::filesystem::path hook_tool;
  /// Returns the folder of a revision of an application's charm.
  std::function<std::filesystem::path(const std::string& app, int revision)> charm;
  /// Returns the folder of a workload image, or an empty path.
  std::function<std::filesystem::path(const Application& app, const std::string& container)> image;
  /// Adds the names of the other models of the cluster to those of this one. May be empty.
  std::function<HostNames(const HostNames& own)> all_names = {};
};

/// Advances a model: makes and replaces pods, and dispatches due events. The model's random
/// generator chooses the units whose hooks run at the same time, and the order of their commits.
class Controller {
 public:
  /// All arguments must outlive the controller.
  Controller(Model& model, Machine& machine, const Journal& journal, ControllerFiles files);

  /// Dispatches until nothing is due at the current time of the model's clock. Returns false if
  /// nothing was due at the start. Throws UserError if that does not end.
  bool settle();
  /// Makes at most one step: it changes one pod, or runs one hook of some units. Returns false if
  /// nothing was due.
  bool step();
  /// Moves the model's clock to a time. Stops at each timer on the way and does the due work.
  void advance_to(Millis time);
  /// See Agent::execute.
  ExecutionResult execute(const std::string& unit, const Execution& execution);
  /// Passes the model's names to the machine.
  void publish_names();

 private:
  bool arrange_pods();
  void create_pod(const std::string& unit);
  void replace_pod(const std::string& unit);
  bool may_replace(const Unit& unit);
  bool restart_ended_containers(Unit& unit);
  void drop_dead();
  bool dispatch_due();

  Model& model_;
  Machine& machine_;
  const Journal& journal_;
  ControllerFiles files_;
  Agent agent_;
};

}  // namespace rehearsal
