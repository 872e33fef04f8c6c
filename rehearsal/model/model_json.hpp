// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/model.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace rehearsal {

/// The whole model as indented JSON; charms are left out, they are read from their folders.
[[nodiscard]] std::string model_to_json(const Model& model);
/// Throws std::runtime_error when the text is no model.
[[nodiscard]] Model model_from_json(const std::string& text);

/// A config value as the hook tools print it.
[[nodiscard]] nlohmann::json config_to_json(const ConfigValue& value);

}  // namespace rehearsal
