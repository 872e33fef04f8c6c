// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace charm {

/// Renders JSON that a YAML reader takes for the same value: Juju (`relation-set --file`) and
/// Pebble (layers) read JSON as YAML, which forbids some characters raw and folds others like line
/// ends. Throws Error when a string is not UTF-8.
[[nodiscard]] std::string json_text(const nlohmann::json& value);

}  // namespace charm
