// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/layer.hpp"

#include <string>
#include <vector>

namespace rehearsal::pebble {

/// Groups of services: those in one lane run one after the other, lanes run side by side.
using Lanes = std::vector<std::vector<std::string>>;

/// The services to start for `names`: those and all they require, in the order of
/// `after`/`before`. Throws LayerError for an unknown service or a loop.
Lanes start_lanes(const Plan& plan, const std::vector<std::string>& names);

/// The services to stop for `names`: those and all that require them.
Lanes stop_lanes(const Plan& plan, const std::vector<std::string>& names);

}  // namespace rehearsal::pebble
