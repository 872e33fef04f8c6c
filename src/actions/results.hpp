// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace charm::actions {

/// As many keys are told of one by one; of more only the numbers, and what went wrong.
inline constexpr std::size_t most_told = 200;
/// What fits into one argument of action-set, with room for the key's name.
inline constexpr std::size_t longest_result = 90'000;

/// Makes a key of results out of what a person typed: lower case, with dashes for what Juju does
/// not take in one, not empty.
[[nodiscard]] std::string result_key(std::string_view typed);

}  // namespace charm::actions
