// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace charm {

/// Returns `2026-11-23T20:44:11Z` (RFC 3339).
[[nodiscard]] std::string utc_text(std::chrono::sys_seconds time);

/// Reads a time in RFC 3339 form, with `Z` or an offset. Fractions of a second are dropped. Returns
/// nothing for any other text.
[[nodiscard]] std::optional<std::chrono::sys_seconds> read_time(std::string_view text);

}  // namespace charm
