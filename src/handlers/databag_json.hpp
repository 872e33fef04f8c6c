// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace charm::databag {

/// Deepest nesting that is read; deeper remote text is treated as malformed.
inline constexpr int max_json_depth = 64;

/// Reads JSON that a remote side wrote. Returns nothing when it is malformed, not UTF-8 or nested
/// too deeply. Does not throw.
[[nodiscard]] std::optional<nlohmann::json> parse_json(std::string_view text);

/// Writes JSON for one of our databags: sorted keys, one line. Bytes that are not UTF-8 become
/// U+FFFD, because text that the other side cannot read puts its charm into hook error.
[[nodiscard]] std::string dump_json(const nlohmann::json& value);

}  // namespace charm::databag
