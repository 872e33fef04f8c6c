// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"
#include "cos_files.hpp"

#include <span>
#include <string>

namespace charm::cos {

/// Returns `{"groups": […]}` of all rule files (Prometheus' form as JSON, PromQL or LogQL), or `{}`
/// without any, where what embed_files.py left open names this application: the matchers of each
/// `%%juju_topology%%`, the labels of each rule, and the names of groups, made unique as cosl 1.11
/// does.
[[nodiscard]] std::string alert_rules(std::span<const EmbeddedFile> files, const Unit& unit);

}  // namespace charm::cos
