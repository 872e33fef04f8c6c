// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/model.hpp"
#include "rehearsal/pods/machine.hpp"

#include <string>

namespace rehearsal {

/// Asks the Pebble of every container of a unit for news, and queues the events: pebble-ready for a
/// new Pebble, and check transitions.
void watch_workloads(Model& model, const Machine& machine, const std::string& unit);

}  // namespace rehearsal
