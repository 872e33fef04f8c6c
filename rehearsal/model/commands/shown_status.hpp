// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/model.hpp"

#include <string>

namespace rehearsal::commands {

/// The workload status as `juju status` shows it: a failed hook hides what the charm has set.
[[nodiscard]] StatusInfo shown_status(const Unit& unit);
/// What the charm has set for the application, else the worst of its units.
[[nodiscard]] StatusInfo shown_status(const Model& model, const Application& app);
/// `8371,11371/tcp`
[[nodiscard]] std::string shown_ports(const Unit& unit);

}  // namespace rehearsal::commands
