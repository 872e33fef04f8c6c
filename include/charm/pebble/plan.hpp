// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/layer.hpp"

#include <map>
#include <string>

namespace charm::pebble {

/// Renders a layer as JSON, which is YAML, with `override: replace` on every entry.
[[nodiscard]] std::string layer_text(const Layer& layer);

/// Reads the text of GET /v1/plan; one that cannot be read counts as empty.
[[nodiscard]] PebblePlan read_plan(const std::string& text);

/// Returns the entries of `wanted` that the plan lacks or has otherwise: every layer that is added
/// makes Pebble forward its whole log buffer again, so only differences may be sent.
[[nodiscard]] Layer difference(const PebblePlan& plan, const Layer& wanted);

/// The same of log targets, where `wanted` is all of them: for each other target of the plan there
/// is an entry that silences it, because Pebble never forgets an entry.
[[nodiscard]] Layer difference(const PebblePlan& plan,
                               const std::map<std::string, LogTarget>& wanted);

}  // namespace charm::pebble
