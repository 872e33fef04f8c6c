// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/changes.hpp"
#include "rehearsal/model/event.hpp"
#include "rehearsal/model/model.hpp"

#include <functional>
#include <string>

namespace rehearsal {

/// What one dispatch sees of the model and has asked of it: the hook tools work on this.
struct HookContext {
  Model& model;  ///< Immediate tools write here; everything else waits in `changes`.
  std::string unit_name;
  Event event;
  std::string id;       ///< JUJU_CONTEXT_ID
  bool leader = false;  ///< As it was when the dispatch began.
  Changes changes = {};
  Task* task = nullptr;  ///< Set in an action.
  bool task_failed = false;
  /// Writes one record to the unit's log: level, logger, text.
  std::function<void(const std::string&, const std::string&, const std::string&)> log = {};
  /// Puts a file resource where the charm can read it and returns its path there; throws UserError.
  std::function<std::string(const std::string& name)> fetch_resource = {};
  /// Called when `model.services` has changed.
  std::function<void()> names_changed = {};

  [[nodiscard]] Unit& unit() const { return model.unit(unit_name); }

  [[nodiscard]] Application& application() const { return model.application(app_of(unit_name)); }
};

}  // namespace rehearsal
