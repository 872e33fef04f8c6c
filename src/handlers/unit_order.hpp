// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace charm::databag {

/// Orders unit names by application and then by number: `loki/2` before `loki/10`.
[[nodiscard]] bool precedes(std::string_view left, std::string_view right);

}  // namespace charm::databag
