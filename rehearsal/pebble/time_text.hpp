// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace rehearsal::pebble {

using Duration = std::chrono::milliseconds;
using SystemTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

/// RFC 3339 in UTC with nine digits after the point, so that later times sort after earlier ones as
/// text.
std::string format_time(SystemTime time);

/// RFC 3339 in UTC without a fraction, as in task logs and file listings.
std::string format_time_seconds(SystemTime time);

/// RFC 3339 in UTC with three digits after the point, as in the lines that the agent prints.
std::string format_time_milliseconds(SystemTime time);

SystemTime now();

/// Reads a duration with mandatory units, such as "1m30s", "250ms" or "1.5h". Throws Refusal, for
/// example for fractions of a millisecond.
Duration parse_duration(const std::string& text);

/// The shortest form with units: "1m0s", "10ms", "1.5s", "1h0m0s".
std::string format_duration(Duration duration);

}  // namespace rehearsal::pebble
