// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace charm {

/// Renders JSON that a YAML reader reads as the same value. Juju (`relation-set --file`) and Pebble
/// (layers) read JSON as YAML. YAML forbids some raw characters and folds others as newlines.
/// Throws Error if a string is not UTF-8.
[[nodiscard]] std::string json_text(const nlohmann::json& value);

/// Parses JSON from outside. Returns nothing for any other text, and for values that are nested
/// deeper than 64 levels: code that visits them could use up the stack. Does not throw.
[[nodiscard]] std::optional<nlohmann::json> parse_json(std::string_view text);

/// Reads JSON that an earlier dispatch wrote. Its numbers are times and counts: integers from 0 to
/// 10^11, with which the charm can calculate. Returns null for any other text.
[[nodiscard]] nlohmann::json read_own_json(std::string_view text);

}  // namespace charm
