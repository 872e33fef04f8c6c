// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>

namespace rehearsal {

/// Reads YAML (and so JSON) into JSON values. Plain scalars become null, bool, int or float as in
/// YAML 1.2; quoted ones stay strings. Throws std::runtime_error with line and column.
[[nodiscard]] nlohmann::json yaml_to_json(const std::string& text);

/// Reads YAML as `juju run` reads the value of a parameter, with YAML 1.1's words and numbers:
/// 0x12, 012, 1_000, yes and off are not strings. Throws std::runtime_error.
[[nodiscard]] nlohmann::json yaml_argument(const std::string& text);

/// Reads a truth value as Go's strconv.ParseBool does. Returns nothing for any other text.
[[nodiscard]] std::optional<bool> go_bool(const std::string& text);

/// Writes a value as YAML block style, like `--format yaml` of the hook tools and Juju's commands.
/// Ends with a newline.
[[nodiscard]] std::string json_to_yaml(const nlohmann::json& value);

/// Writes JSON as Go's encoding/json does: keys sorted, no spaces, `<`, `>`, `&` and
/// the line separators U+2028 and U+2029 escaped.
[[nodiscard]] std::string go_json(const nlohmann::json& value);

}  // namespace rehearsal
