// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace charm::actions {

/// Returns `2026-11-23T20:44:11Z`, or `never`.
[[nodiscard]] std::string time_text(const std::optional<std::chrono::sys_seconds>& time);

/// Returns the largest unit and what there is of the next, `3 h 12 min`; a negative duration is 0.
[[nodiscard]] std::string duration_text(std::chrono::seconds duration);

/// Returns a size in the largest unit of 1024 bytes that it fills, `14.2 MiB`.
[[nodiscard]] std::string size_text(std::int64_t bytes);

}  // namespace charm::actions
