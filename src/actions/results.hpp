// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace charm::actions {

/// Results name each key up to this number. For more keys they hold numbers and faults only.
inline constexpr std::size_t most_listed = 200;
/// Fits into one argument of action-set, with room for the key's name.
inline constexpr std::size_t longest_result = 90'000;

/// Renders the longest list of first items whose text has at most longest_result bytes.
/// `render(items, left_out)` gets the number of the other items as well.
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

/// Makes a result's key from an operator's text: lower case, not empty, with dashes for characters
/// that Juju does not allow.
[[nodiscard]] std::string result_key(std::string_view typed);

using TableRow = std::vector<std::string>;

/// Aligns the cells in columns with two spaces between them. No line has trailing spaces, because
/// Juju would then print the whole text quoted on one line. The last line has no newline.
[[nodiscard]] std::string table(const std::vector<TableRow>& rows);

/// Returns `2026-11-23T20:44:11Z`, or `never`.
[[nodiscard]] std::string time_text(const std::optional<std::chrono::sys_seconds>& time);

/// Returns the two largest units, `3 h 12 min`; a negative duration is 0.
[[nodiscard]] std::string duration_text(std::chrono::seconds duration);

/// Returns a size in the largest unit of 1024 bytes that it fills, `14.2 MiB`.
[[nodiscard]] std::string size_text(std::int64_t bytes);

}  // namespace charm::actions
