// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/layer.hpp"

#include <stdexcept>
#include <string>

namespace rehearsal::pebble {

/// A layer that cannot be taken, with Pebble's message.
struct LayerError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Reads one layer from YAML and checks what can be checked of it alone. Throws LayerError.
Layer read_layer(const std::string& label, const std::string& yaml);

}  // namespace rehearsal::pebble
