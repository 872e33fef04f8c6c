// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/layer.hpp"

#include <nlohmann/json_fwd.hpp>

namespace charm::pebble {

/// The layer as it is sent, and as a plan has it.
[[nodiscard]] nlohmann::json layer_json(const Layer& layer);

}  // namespace charm::pebble
