// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/layer.hpp"

#include <string>
#include <string_view>

namespace rehearsal::pebble {

/// The plan as YAML, character for character as Pebble writes it: four spaces, fixed order of
/// keys, unset keys left out.
std::string write_plan(const Plan& plan);

}  // namespace rehearsal::pebble
