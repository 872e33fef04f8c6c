// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

namespace grafana {

/// Looks up in a dashboard everything that the consumer of grafana_dashboard (v0.48) looks up when
/// it puts in its variables and matchers, and throws where it fails its hook over what is missing.
/// The dashboard is left as it is. `has_topology`: matchers are put in.
void check_conversion(const nlohmann::json& dashboard, bool has_topology);

/// Returns the integer that `version` stands for, 0 when it is missing or no number. Throws where
/// the consumer does: null, a list or an object.
[[nodiscard]] int version_of(const nlohmann::json& dashboard);

}  // namespace grafana
