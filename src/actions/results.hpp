// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace charm::actions {

/// As many keys are told of one by one; of more only the numbers, and what went wrong.
inline constexpr std::size_t most_told = 200;
/// What fits into one argument of action-set, with room for the key's name.
inline constexpr std::size_t longest_result = 90'000;

/// Renders as many of the first items as make a text of at most longest_result bytes:
/// `render(items, left_out)`, the second of which is how many are not among them.
template <typename Item, typename Render>
std::string fitting(std::vector<Item> items, const Render& render) {
  const std::size_t all = items.size();
  std::string text = render(items, std::size_t{0});
  while (text.size() > longest_result && !items.empty()) {
    items.resize(items.size() * longest_result / text.size());
    text = render(items, all - items.size());
  }
  return text;
}

/// Makes a key of results out of what a person typed: lower case, with dashes for what Juju does
/// not take in one, not empty.
[[nodiscard]] std::string result_key(std::string_view typed);

}  // namespace charm::actions
