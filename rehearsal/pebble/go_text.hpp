// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace rehearsal::pebble {

using Duration = std::chrono::nanoseconds;
using SystemTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

/// RFC 3339 in UTC with as many fraction digits as the time has, trailing zeros removed: how every
/// time in a Pebble answer is written.
std::string format_time(SystemTime time);

/// RFC 3339 in UTC without a fraction, as in task logs and file listings.
std::string format_time_seconds(SystemTime time);

/// RFC 3339 in UTC with exactly three fraction digits, as in the lines of the agent's own output.
std::string format_time_milliseconds(SystemTime time);

/// The time written in RFC 3339, with any number of fraction digits and any zone offset.
std::optional<SystemTime> parse_time(std::string_view text);

SystemTime now();

/// A duration with mandatory units, such as "1m30s", "250ms" or "-1.5h". Throws
/// std::invalid_argument with the message a Go program would give.
Duration parse_duration(std::string_view text);

/// The shortest form with units: "1m0s", "10ms", "1.5s", "168h0m0s".
std::string format_duration(Duration duration);

/// The text in double quotes with backslash escapes, as error messages quote names.
std::string go_quoted(std::string_view text);

/// What went wrong by its errno, such as "no such file or directory".
std::string errno_text(int error);

}  // namespace rehearsal::pebble
