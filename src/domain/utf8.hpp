// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace charm {

/// One character at the front of a text, or one byte that begins none.
struct CodePoint {
  char32_t value = 0;      ///< The byte itself where it is not valid.
  std::size_t length = 1;  ///< In bytes.
  bool valid = false;
};

/// Decodes the front of a text that is not empty, by the rules of RFC 3629: no overlong forms, no
/// surrogates.
[[nodiscard]] CodePoint front_code_point(std::string_view text);

}  // namespace charm
