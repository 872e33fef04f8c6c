// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace charm::cos {

/// The name in metadata.yaml, which the observability charms group by.
inline constexpr std::string_view charm_name = "hockeypuck-k8s";

/// Returns `<model>_<first 8 of the model's UUID>_<application>`, as cosl names scrape jobs and
/// rule groups.
[[nodiscard]] std::string topology_identifier(const Unit& unit);

/// Returns the matchers that keep a query to this application: `juju_model="…",…`, without braces.
[[nodiscard]] std::string topology_matchers(const Unit& unit);

/// Returns the topology as the databags carry it: model, model_uuid, application and unit.
[[nodiscard]] nlohmann::json topology(const Unit& unit);

/// Returns the topology with the charm's name, for `scrape_metadata` and `metadata`.
[[nodiscard]] nlohmann::json topology_metadata(const Unit& unit);

}  // namespace charm::cos
