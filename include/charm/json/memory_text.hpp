// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/memory.hpp"

#include <optional>
#include <string>

namespace charm {

/// Renders what the unit remembers as one JSON object.
[[nodiscard]] std::string memory_text(const Memory& memory);

/// Reads it back. Nothing when the text is not of that form, for example another revision's: what
/// is not remembered is read.
[[nodiscard]] std::optional<Memory> read_memory(const std::string& text);

}  // namespace charm
