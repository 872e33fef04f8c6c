// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"
#include "cos_files.hpp"

#include <nlohmann/json_fwd.hpp>

#include <span>

namespace charm::cos {

/// Returns `{"groups": […]}` of all rule files (Prometheus' form as JSON, PromQL or LogQL), or `{}`
/// without any. Each `%%juju_topology%%` becomes the matchers of this application, each rule gets
/// its labels, and group names are made unique as cosl 1.11 does. Throws charm::Error when a file
/// is not such JSON: the files are part of the charm.
[[nodiscard]] nlohmann::json alert_rules(std::span<const EmbeddedFile> files, const Unit& unit);

}  // namespace charm::cos
