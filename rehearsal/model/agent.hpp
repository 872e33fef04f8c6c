// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/hook_context.hpp"
#include "rehearsal/model/journal.hpp"
#include "rehearsal/pods/machine.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace rehearsal {

/// A unit's name and its next event.
using UnitEvent = std::pair<std::string, Event>;

/// Runs dispatches of charms. The hook tools answer while the charm runs. Its changes are committed
/// if it exits with 0, otherwise dropped.
class Agent {
 public:
  /// All arguments must outlive the agent. `names_changed` is called if the model's services
  /// change.
  Agent(Model& model, Machine& machine, const Journal& journal,
        std::function<void()> names_changed);

  /// Dispatches one event and records the result in the model. Throws MachineError if the charm
  /// cannot be run.
  DispatchRecord dispatch(const std::string& unit, const Event& event);
  /// Dispatches one event of each of these units at the same time. When all have ended, commits
  /// their changes in this order. Throws MachineError after that if one charm could not be run.
  std::vector<DispatchRecord> dispatch(const std::vector<UnitEvent>& events);
  /// Runs a program in the charm container where hook tools answer, as `juju exec` does. What it
  /// asked for is committed whatever its exit code is. The environment given is added to the
  /// charm's. Throws CommitError, and MachineError when it cannot be run at all.
  ExecutionResult execute(const std::string& unit, Execution execution);

 private:
  struct Dispatch;

  std::unique_ptr<Dispatch> begin(const std::string& unit, const Event& event);
  [[nodiscard]] HookContext context_of(const std::string& unit, const Event& event);
  [[nodiscard]] std::string program(const std::string& unit, const Event& event) const;
  [[nodiscard]] std::map<std::string, std::string> environment_of(const HookContext& context);
  void run(Dispatch& dispatch);
  ExecutionResult execute(Dispatch& dispatch, const Execution& execution);
  void conclude(Dispatch& dispatch);
  void conclude_hook(Dispatch& dispatch);
  void conclude_task(Dispatch& dispatch);
  void log(const std::string& unit, const std::string& level, const std::string& logger,
           const std::string& text);

  Model& model_;
  Machine& machine_;
  const Journal& journal_;
  std::function<void()> names_changed_;
  std::mutex model_in_use_;
  std::mutex logging_;
};

/// Returns the user of a charm's dispatch: `charm-user` of its metadata.
[[nodiscard]] uid_t charm_uid(const Charm& charm);

}  // namespace rehearsal
