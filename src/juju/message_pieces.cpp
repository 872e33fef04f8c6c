// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "message_pieces.hpp"

namespace charm::juju {
namespace {

bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U;
}

/// Returns the last place at or before `limit` where no UTF-8 character is cut. Text that is not
/// UTF-8 is cut at the limit.
std::size_t character_boundary(std::string_view text, std::size_t limit) {
  for (std::size_t back = 0; back < 4; ++back) {
    if (!continues_character(text[limit - back])) {
      return limit - back;
    }
  }
  return limit;
}

}  // namespace

std::vector<std::string_view> message_pieces(std::string_view text, std::size_t limit) {
  std::vector<std::string_view> pieces;
  while (text.size() > limit) {
    const auto line_end = text.rfind('\n', limit);
    const bool at_line = line_end != std::string_view::npos && line_end > 0;
    const auto cut = at_line ? line_end : character_boundary(text, limit);
    pieces.push_back(text.substr(0, cut));
    text.remove_prefix(at_line ? cut + 1 : cut);
  }
  if (!text.empty()) {
    pieces.push_back(text);
  }
  return pieces;
}

}  // namespace charm::juju
