// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/words.hpp"

namespace charm {

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
