// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/layer.hpp"

#include <map>
#include <string>

namespace charm::pebble {

/// Renders a layer as JSON, which is YAML, with `override: replace` on every entry.
[[nodiscard]] std::string layer_text(const Layer& layer);

/// Reads the answer to GET /v1/plan. An unreadable text counts as empty.
[[nodiscard]] PebblePlan read_plan(const std::string& text);

/// Returns the entries of `wanted` that are missing or different in the plan. Each added layer
/// makes Pebble forward its whole log buffer again, so only differences may be sent.
[[nodiscard]] Layer difference(const PebblePlan& plan, const Layer& wanted);

/// Does the same for log targets, where `wanted` lists all of them. Every other target of the plan
/// gets an entry that disables it, because Pebble cannot remove an entry.
[[nodiscard]] Layer difference(const PebblePlan& plan,
                               const std::map<std::string, LogTarget>& wanted);

}  // namespace charm::pebble
