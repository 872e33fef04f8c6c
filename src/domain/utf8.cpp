// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "utf8.hpp"

namespace charm {
namespace {

std::size_t sequence_length(unsigned char lead) {
  if (lead < 0xE0) {
    return 2;
  }
  return lead < 0xF0 ? 3 : 4;
}

bool is_well_formed(char32_t value, std::size_t length) {
  constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  return value >= least[length] && value <= 0x10FFFF && !surrogate;
}

}  // namespace

CodePoint front_code_point(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) {
    return {.value = lead, .length = 1, .valid = true};
  }
  const CodePoint malformed{.value = lead, .length = 1, .valid = false};
  const std::size_t length = sequence_length(lead);
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) {
    return malformed;
  }
  char32_t value = lead & (0xFFU >> (length + 1));
  for (const char next : text.substr(1, length - 1)) {
    const auto byte = static_cast<unsigned char>(next);
    if ((byte & 0xC0U) != 0x80U) {
      return malformed;
    }
    value = (value << 6U) | (byte & 0x3FU);
  }
  return is_well_formed(value, length) ? CodePoint{value, length, true} : malformed;
}

}  // namespace charm
