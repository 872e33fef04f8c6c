// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace rehearsal {

/// Standard alphabet, with padding.
[[nodiscard]] std::string encode_base64(const std::string& bytes);
/// Nothing when the text is not standard, padded base64.
[[nodiscard]] std::optional<std::string> decode_base64(const std::string& text);

}  // namespace rehearsal
