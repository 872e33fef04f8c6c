// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/model.hpp"

#include <optional>
#include <string>

namespace rehearsal {

/// A duration as Go writes it: `90s`, `1h30m`, `250ms`. Nothing when the text is none.
[[nodiscard]] std::optional<Millis> parse_duration(const std::string& text);
/// RFC 3339, with `Z` or an offset, or without a zone (then UTC).
[[nodiscard]] std::optional<Millis> parse_time(const std::string& text);
/// `2026-11-23T01:02:03Z`
[[nodiscard]] std::string format_time(Millis time);
/// `01:02:03`
[[nodiscard]] std::string format_time_of_day(Millis time);
/// What the machine's clock says.
[[nodiscard]] Millis wall_clock();

}  // namespace rehearsal
