// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace charm::juju {

/// Cuts a text into pieces of at most `limit` bytes (at least 4): at line ends, which are dropped
/// there, and only where a line is too long inside it, never inside a UTF-8 character.
[[nodiscard]] std::vector<std::string_view> message_pieces(std::string_view text,
                                                           std::size_t limit);

}  // namespace charm::juju
