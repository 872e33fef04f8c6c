// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "remote_text.hpp"

#include "charm/domain/text.hpp"
#include "databag_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace charm::databag {

namespace {

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20U || c == '\x7F';
}

/// Cuts at a character's boundary.
std::string_view shortened(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) {
    return text;
  }
  std::size_t end = limit;
  while (end > 0 && is_continuation(text[end])) {
    --end;
  }
  return text.substr(0, end);
}

/// Replaces what is not UTF-8 by U+FFFD.
std::string valid_utf8(std::string_view text) {
  const std::string quoted = dump_json(nlohmann::json(std::string(text)));
  return nlohmann::json::parse(quoted).get<std::string>();
}

}  // namespace

std::string_view value_of(const Databag& bag, std::string_view key) {
  const auto found = bag.find(std::string(key));
  return found == bag.end() ? std::string_view() : std::string_view(found->second);
}

std::string warning(const Relation& relation, std::string_view key, std::string_view problem) {
  std::string text = "relation " + std::to_string(relation.id) + " (" + relation.endpoint + "), ";
  return text.append(key).append(": ").append(problem);
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string line = valid_utf8(shortened(text, limit));
  std::replace_if(line.begin(), line.end(), is_control, ' ');
  return std::string(trimmed(line));
}

}  // namespace charm::databag
