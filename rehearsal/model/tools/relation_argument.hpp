// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/tools/tool.hpp"

#include <optional>

namespace rehearsal::tools {

/// The unit knows of the relation, and it is not the one being broken.
[[nodiscard]] bool sees_relation(const Call& call, const Relation& relation);
/// The relation of `-r`, or that of the hook, or nothing. Throws ToolError (2).
[[nodiscard]] std::optional<int> optional_relation(const Call& call);
/// The same, or ToolError (2) "no relation id specified".
[[nodiscard]] int required_relation(const Call& call);

}  // namespace rehearsal::tools
