// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace charm {

/// Renders JSON that a YAML reader reads as the same value. Juju (`relation-set --file`) and Pebble
/// (layers) read JSON as YAML. YAML forbids some raw characters and folds others as newlines.
/// Throws Error if a string is not UTF-8.
[[nodiscard]] std::string json_text(const nlohmann::json& value);

}  // namespace charm
