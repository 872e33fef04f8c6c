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

/// Where the controller finds files.
struct ControllerFiles {
  std::filesystem::path hook_tool;
  /// The folder of a revision of an application's charm.
  std::function<std::filesystem::path(const std::string& app, int revision)> charm;
  /// The folder of a workload image, or empty.
  std::function<std::filesystem::path(const Application& app, const std::string& container)> image;
  /// Adds the names of the other models of the cluster to those of this one. May be empty.
  std::function<HostNames(const HostNames& own)> all_names = {};
};

/// Moves a model on: makes and replaces pods, finds what is due and dispatches it, one event at a
/// time, units in an order that the model's generator draws.
class Controller {
 public:
  /// All must outlive the controller.
  Controller(Model& model, Machine& machine, const Journal& journal, ControllerFiles files);

  /// Dispatches until nothing is due at the present moment of the model's clock; false when nothing
  /// was from the start. Throws UserError when that does not end.
  bool settle();
  /// Makes at most one step; false when nothing was due.
  bool step();
  /// Moves the model's clock to a time, stopping at each timer on the way to do what is due.
  void advance_to(Millis time);
  /// See Agent::execute.
  ExecutionResult execute(const std::string& unit, const Execution& execution);
  /// Gives the machine the model's names.
  void publish_names();

 private:
  bool arrange_pods();
  void create_pod(const std::string& unit);
  void replace_pod(const std::string& unit);
  bool may_replace(const Unit& unit);
  bool restart_ended_containers(Unit& unit);
  void drop_dead();
  bool dispatch_next();

  Model& model_;
  Machine& machine_;
  const Journal& journal_;
  ControllerFiles files_;
  Agent agent_;
};

}  // namespace rehearsal
