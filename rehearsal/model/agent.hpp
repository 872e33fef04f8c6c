// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/hook_context.hpp"
#include "rehearsal/model/journal.hpp"
#include "rehearsal/pods/machine.hpp"

#include <functional>
#include <string>

namespace rehearsal {

/// Runs single dispatches of charms: the hook tools answer while the charm runs; what it asked for
/// is committed if it exits with 0, else dropped.
class Agent {
 public:
  /// All must outlive the agent. `names_changed` is called when the model's services change.
  Agent(Model& model, Machine& machine, const Journal& journal,
        std::function<void()> names_changed);

  /// Dispatches one event and notes in the model how it went. Throws MachineError when the charm
  /// cannot be run at all.
  DispatchRecord dispatch(const std::string& unit, const Event& event);
  /// Runs a program in the charm container where hook tools answer, as `juju exec` does. What it
  /// asked for is committed whatever its exit code is. The environment given is added to the
  /// charm's. Throws CommitError, and MachineError when it cannot be run at all.
  ExecutionResult execute(const std::string& unit, Execution execution);

 private:
  struct Dispatch;

  [[nodiscard]] HookContext context_of(Dispatch& dispatch);
  [[nodiscard]] std::string program(const std::string& unit, const Event& event) const;
  void run(Dispatch& dispatch, HookContext& context);
  ExecutionResult execute(Dispatch& dispatch, HookContext& context, const Execution& execution);
  void conclude(Dispatch& dispatch, const HookContext& context);
  void conclude_task(Dispatch& dispatch, const HookContext& context);
  void log(const std::string& unit, const std::string& level, const std::string& logger,
           const std::string& text) const;

  Model& model_;
  Machine& machine_;
  const Journal& journal_;
  std::function<void()> names_changed_;
};

/// The user a charm's dispatch runs as: `charm-user` of its metadata.
[[nodiscard]] uid_t charm_uid(const Charm& charm);

}  // namespace rehearsal
