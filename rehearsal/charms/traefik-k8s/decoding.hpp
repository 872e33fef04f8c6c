// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace traefik {

/// Why Traefik's file provider refuses a file, and with it the whole directory: empty sections,
/// unknown fields, wrong types, templates. Empty when it takes it. (Traefik 2.11)
[[nodiscard]] std::string reason_to_refuse(const nlohmann::json& configuration);

}  // namespace traefik
