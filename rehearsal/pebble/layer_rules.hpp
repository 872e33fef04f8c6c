// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/layer.hpp"

namespace rehearsal::pebble {

/// Throws LayerError for what is wrong with a layer by itself.
void validate_layer(const Layer& layer);

/// Throws LayerError for what is wrong with the combined layers.
void validate_plan(const Plan& plan);

}  // namespace rehearsal::pebble
