// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "excerpt.hpp"

#include "utf8.hpp"

#include <cstddef>
#include <cstdint>

namespace charm {
namespace {

constexpr std::size_t longest = 60;

std::string hexadecimal(std::uint32_t value, std::size_t digits) {
  constexpr std::string_view alphabet = "0123456789abcdef";
  std::string text;
  while (value != 0 || text.size() < digits) {
    text.insert(text.begin(), alphabet[value % 16]);
    value /= 16;
  }
  return text;
}

bool is_invisible(char32_t value) {
  const auto within = [value](char32_t first, char32_t last) {
    return value >= first && value <= last;
  };
  // C1 controls, soft hyphen, zero-width and bidirectional marks, line separators, BOM.
  return within(0x80, 0x9F) || value == 0xAD || within(0x200B, 0x200F) || within(0x2028, 0x202E) ||
         within(0x2060, 0x206F) || value == 0xFEFF;
}

std::string visible(const CodePoint& point, std::string_view bytes) {
  if (point.value == '\n') {
    return "\\n";
  }
  if (point.value == '\r') {
    return "\\r";
  }
  if (point.value == '\t') {
    return "\\t";
  }
  if (!point.valid || point.value < 0x20 || point.value == 0x7F) {
    return "\\x" + hexadecimal(point.value, 2);
  }
  if (is_invisible(point.value)) {
    return "\\u{" + hexadecimal(point.value, 4) + "}";
  }
  return std::string(bytes);
}

}  // namespace

std::string excerpt(std::string_view text) {
  std::string quoted = "\"";
  std::size_t length = 0;
  while (!text.empty()) {
    const CodePoint point = front_code_point(text);
    const std::string shown = visible(point, text.substr(0, point.length));
    length += point.valid && shown.size() == point.length ? 1 : shown.size();
    if (length > longest) {
      return quoted + "…\"";
    }
    quoted += shown;
    text.remove_prefix(point.length);
  }
  return quoted + '"';
}

}  // namespace charm
