// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "fingerprint.hpp"

#include "words.hpp"

#include <algorithm>

namespace charm {
namespace {

bool is_hexadecimal(char character) {
  return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'f');
}

}  // namespace

std::optional<std::string> normalized_fingerprint(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) {
    text.remove_prefix(2);
  }
  std::string digits = lower_case(text);
  if ((digits.size() != 40 && digits.size() != 64) ||
      !std::ranges::all_of(digits, is_hexadecimal)) {
    return std::nullopt;
  }
  return digits;
}

}  // namespace charm
