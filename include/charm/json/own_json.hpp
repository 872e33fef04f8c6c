// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace charm {

/// Reads JSON that an earlier dispatch wrote. Its numbers are times and counts: integers from 0 to
/// 10^11, with which the charm can calculate. Returns null for any other text.
[[nodiscard]] nlohmann::json read_own_json(std::string_view text);

}  // namespace charm
