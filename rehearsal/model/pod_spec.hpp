// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/controller.hpp"
#include "rehearsal/model/model.hpp"
#include "rehearsal/pods/machine.hpp"

#include <string>

namespace rehearsal {

/// The pod of a unit as the machine is to make it.
[[nodiscard]] PodSpec pod_spec(const Model& model, const Unit& unit, const ControllerFiles& files);

/// Adds units to an application until it has `scale`; new ones get storage of their own, or the
/// volumes that an earlier unit of that number left.
void add_units(Model& model, const std::string& app, int scale);

/// The next address on the model's bridge.
[[nodiscard]] std::string next_address(Model& model);

}  // namespace rehearsal
