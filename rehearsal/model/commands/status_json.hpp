// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/model.hpp"

#include <nlohmann/json_fwd.hpp>

namespace rehearsal::commands {

/// The model as `juju status --format json` has it.
[[nodiscard]] nlohmann::json status_json(const Model& model);
/// A unit as `juju show-unit` has it.
[[nodiscard]] nlohmann::json unit_json(const Model& model, const Unit& unit);

}  // namespace rehearsal::commands
