// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace charm {

/// Quotes a value that somebody else wrote so that it fits one line of a status: control and
/// invisible characters and bytes that are not UTF-8 become escapes, and what is longer than 60
/// characters is cut.
[[nodiscard]] std::string excerpt(std::string_view text);

}  // namespace charm
