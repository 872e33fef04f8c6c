// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/layer.hpp"

#include <vector>

namespace rehearsal::pebble {

/// Folds the layers from bottom to top into one, by the `override` of each entry. Throws
/// LayerError where an entry has no valid one.
Layer combine_layers(const std::vector<Layer>& layers);

/// The plan of some layers: combined, with check thresholds filled in. Not validated.
Plan plan_of(const std::vector<Layer>& layers);

}  // namespace rehearsal::pebble
