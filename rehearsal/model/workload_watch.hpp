// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/model.hpp"
#include "rehearsal/pods/machine.hpp"

#include <string>

namespace rehearsal {

/// Asks the Pebble of every container of a unit what is new and queues the events that follow:
/// pebble-ready for a Pebble not seen before, and check transitions.
void watch_workloads(Model& model, const Machine& machine, const std::string& unit);

}  // namespace rehearsal
