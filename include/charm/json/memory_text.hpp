// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/memory.hpp"

#include <optional>
#include <string>

namespace charm {

/// Renders the unit's memory as one JSON object.
[[nodiscard]] std::string memory_text(const Memory& memory);

/// Reads that text. Returns nothing if the text has another form, for example that of another
/// revision. Data that is not remembered is read again.
[[nodiscard]] std::optional<Memory> read_memory(const std::string& text);

}  // namespace charm
