// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/facts.hpp"
#include "charm/domain/layer.hpp"
#include "charm/domain/snapshot.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace charm::cos {

/// Returns the labels by which Loki's users select: Juju's topology as other charms name it.
[[nodiscard]] std::map<std::string, std::string> log_labels(const Unit& unit);

/// Returns one target for each URL.
[[nodiscard]] std::map<std::string, LogTarget> log_targets(
    const Unit& unit, const std::vector<LokiEndpoint>& endpoints);

/// Tells whether this Pebble forwards logs with labels: 1.6 and newer do. Text that is no version
/// is taken for the oldest Pebble that the charm runs with, which does.
[[nodiscard]] bool forwards_logs(std::string_view pebble_version);

}  // namespace charm::cos
