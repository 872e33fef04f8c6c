// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/unicode.hpp"

#include <clocale>
#include <cstdint>
#include <cwctype>
#include <memory>
#include <stdexcept>
#include <type_traits>

#include <locale.h>  // NOLINT(modernize-deprecated-headers): newlocale is POSIX

namespace rehearsal::keyserver {
namespace {

constexpr char32_t replacement = 0xFFFD;

struct FreeLocale {
  void operator()(locale_t locale) const { freelocale(locale); }
};

using Locale = std::unique_ptr<std::remove_pointer_t<locale_t>, FreeLocale>;

/// The character classes of Unicode, whatever the environment says; part of the C library.
Locale unicode_classes() {
  Locale locale(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr));
  if (!locale) {
    throw std::runtime_error("the locale C.UTF-8 is missing");
  }
  return locale;
}

/// Octets of the sequence a first octet announces; 0 when it cannot be first.
std::size_t sequence_length(unsigned char first) {
  if (first < 0x80) {
    return 1;
  }
  if (first >= 0xC2 && first < 0xE0) {
    return 2;
  }
  if (first >= 0xE0 && first < 0xF0) {
    return 3;
  }
  return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

bool is_scalar(char32_t value, std::size_t length) {
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  return !overlong && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
}

/// The code point at the front of a text, and how many octets it takes.
std::pair<char32_t, std::size_t> first_code_point(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = sequence_length(first);
  if (length == 1) {
    return {first, 1};
  }
  if (length == 0 || length > text.size()) {
    return {replacement, 1};
  }
  char32_t value = first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto octet = static_cast<unsigned char>(text[i]);
    if ((octet & 0xC0U) != 0x80U) {
      return {replacement, 1};
    }
    value = value << 6U | (octet & 0x3FU);
  }
  return is_scalar(value, length) ? std::pair{value, length}
                                  : std::pair{replacement, std::size_t{1}};
}

}  // namespace

std::u32string decode_utf8(std::string_view text) {
  std::u32string result;
  while (!text.empty()) {
    const auto [value, length] = first_code_point(text);
    result += value;
    text.remove_prefix(length);
  }
  return result;
}

std::string encode_utf8(std::u32string_view text) {
  std::string result;
  const auto add = [&result](std::uint32_t octet) { result += static_cast<char>(octet); };
  const auto add_rest = [&add](std::uint32_t value, int octets) {
    for (int i = octets - 1; i >= 0; --i) {
      add(0x80U | (value >> (6U * static_cast<unsigned>(i)) & 0x3FU));
    }
  };
  for (const char32_t character : text) {
    const auto value = static_cast<std::uint32_t>(character);
    if (value < 0x80) {
      add(value);
    } else if (value < 0x800) {
      add(0xC0U | value >> 6U);
      add_rest(value, 1);
    } else if (value < 0x10000) {
      add(0xE0U | value >> 12U);
      add_rest(value, 2);
    } else {
      add(0xF0U | value >> 18U);
      add_rest(value, 3);
    }
  }
  return result;
}

std::optional<std::string> clean_utf8(std::string_view text) {
  std::u32string kept;
  for (const char32_t character : decode_utf8(text)) {
    if (character == 0) {
      return std::nullopt;
    }
    if (character >= 0x20 && character != 0x7F) {
      kept += character == replacement ? U'?' : character;
    }
  }
  return encode_utf8(kept);
}

std::string lower_case(std::string_view text) {
  const Locale locale = unicode_classes();
  std::u32string characters = decode_utf8(text);
  for (char32_t& character : characters) {
    character =
        static_cast<char32_t>(towlower_l(static_cast<std::wint_t>(character), locale.get()));
  }
  return encode_utf8(characters);
}

bool is_letter_or_number(char32_t character) {
  const Locale locale = unicode_classes();
  return iswalnum_l(static_cast<std::wint_t>(character), locale.get()) != 0;
}

}  // namespace rehearsal::keyserver
