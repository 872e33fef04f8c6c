// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/changes.hpp"
#include "rehearsal/model/tools/tool.hpp"

#include <optional>
#include <string>

namespace rehearsal::tools {

/// The id in the first argument; ToolError (2) when it is missing or none.
[[nodiscard]] std::string secret_argument(const Call& call);
/// The fields of secret-add and secret-set. Throws ToolError (2).
[[nodiscard]] SecretFields secret_fields(const Call& call, std::size_t first_value);
/// The options that secret_fields() reads.
[[nodiscard]] std::vector<Flag> secret_field_flags();
/// `this` secret as the hook has changed it so far, or null: not in the model and not added here.
[[nodiscard]] const SecretOperation* pending_add(const Call& call, const std::string& id);
[[nodiscard]] const Secret* find_secret(const Call& call, const std::string& id);
[[nodiscard]] ToolError secret_not_found(const std::string& id);

}  // namespace rehearsal::tools
