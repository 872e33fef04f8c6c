// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

namespace charm {

/// Returns `2026-11-23T20:44:11Z` (RFC 3339).
[[nodiscard]] std::string utc_text(std::chrono::sys_seconds time);

}  // namespace charm
