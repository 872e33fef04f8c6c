// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace charm::actions {

/// Makes a key of results out of what a person typed: lower case, with dashes for what Juju does
/// not take in one, not empty.
[[nodiscard]] std::string result_key(std::string_view typed);

}  // namespace charm::actions
