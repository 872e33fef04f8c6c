// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>

namespace rehearsal {

/// GETs from a Pebble's API and returns the `result` of the answer, or null: no answer within two
/// seconds, or an error. The socket's path may be of any length.
[[nodiscard]] nlohmann::json ask_pebble(const std::filesystem::path& socket,
                                        const std::string& target);

}  // namespace rehearsal
