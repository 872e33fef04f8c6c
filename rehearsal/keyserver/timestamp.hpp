// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace rehearsal::keyserver {

/// Seconds since 1970 as "2025-01-01T12:00:00Z".
std::string utc_timestamp(std::int64_t seconds);

/// The present.
std::string utc_timestamp();

}  // namespace rehearsal::keyserver
