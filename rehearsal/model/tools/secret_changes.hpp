// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/changes.hpp"
#include "rehearsal/model/tools/tool.hpp"

#include <string>
#include <vector>

namespace rehearsal::tools {

/// The tools that change secrets. secret_tools() returns them too.
[[nodiscard]] std::vector<Tool> secret_change_tools();

/// Returns the ID in the first argument. Throws ToolError (2) if that names no secret.
[[nodiscard]] std::string secret_argument(const Call& call);
/// Returns the request of this hook to add the secret, or null.
[[nodiscard]] const SecretOperation* pending_add(const Call& call, const std::string& id);
/// Returns the refusal of a secret that this unit cannot find.
[[nodiscard]] ToolError secret_not_found(const std::string& id);

}  // namespace rehearsal::tools
