// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/base64.hpp"

#include <cstdint>
#include <string_view>

namespace rehearsal {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string encode_base64(const std::string& bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t group = 0;
    for (std::size_t offset = 0; offset < 3; ++offset) {
      const bool inside = at + offset < bytes.size();
      group = group << 8U | (inside ? static_cast<unsigned char>(bytes[at + offset]) : 0U);
    }
    for (std::size_t digit = 0; digit < 4; ++digit) {
      const bool padding = digit > bytes.size() - at;
      text += padding ? '=' : alphabet[group >> (18U - 6U * digit) & 63U];
    }
  }
  return text;
}

std::optional<std::string> decode_base64(const std::string& text) {
  if (text.size() % 4 != 0) {
    return std::nullopt;
  }
  const std::size_t end = text.find_last_not_of('=');
  const std::size_t digits = end == std::string::npos ? 0 : end + 1;
  if (text.size() - digits > 2) {
    return std::nullopt;
  }
  std::string bytes;
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  for (const char character : std::string_view(text).substr(0, digits)) {
    const std::size_t value = alphabet.find(character);
    if (value == std::string_view::npos) {
      return std::nullopt;
    }
    buffer = buffer << 6U | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(buffer >> bits & 0xffU);
    }
  }
  return bytes;
}

}  // namespace rehearsal
