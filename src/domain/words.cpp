// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/words.hpp"

#include "utf8.hpp"

#include <algorithm>

namespace charm {
namespace {

/// The character as it may stand on a line.
std::string_view shown(const CodePoint& point, std::string_view bytes) {
  if (!point.valid) {
    return "\uFFFD";
  }
  const bool control = point.value < 0x20 || (point.value >= 0x7F && point.value <= 0x9F) ||
                       point.value == 0x2028 || point.value == 0x2029;
  return control ? " " : bytes;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string lower_case(std::string_view text) {
  std::string lowered(text);
  for (char& character : lowered) {
    if (character >= 'A' && character <= 'Z') {
      character = static_cast<char>(character - 'A' + 'a');
    }
  }
  return lowered;
}

std::string zero_padded(std::int64_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  return std::string(width - std::min(width, digits.size()), '0') + digits;
}

std::string single_line(std::string_view text, std::size_t longest) {
  std::string line;
  while (!text.empty()) {
    const CodePoint point = front_code_point(text);
    const std::string_view next = shown(point, text.substr(0, point.length));
    if (line.size() + next.size() > longest) {
      break;
    }
    line += next;
    text.remove_prefix(point.length);
  }
  return std::string(trimmed(line));
}

std::vector<std::string_view> fields(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> found;
  for (auto end = text.find_first_of(separators); end != std::string_view::npos;
       end = text.find_first_of(separators)) {
    found.push_back(trimmed(text.substr(0, end)));
    text.remove_prefix(end + 1);
  }
  found.push_back(trimmed(text));
  return found;
}

std::vector<std::string_view> words(std::string_view text, std::string_view separators) {
  auto found = fields(text, separators);
  std::erase_if(found, [](std::string_view word) { return word.empty(); });
  return found;
}

}  // namespace charm
