// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Text that people and other programs wrote: how it is taken apart, and how it is shown.
namespace charm {

/// White space that administrators leave around values.
inline constexpr std::string_view blanks = " \t\r\n\v\f";

/// Returns the text without the blanks around it.
[[nodiscard]] std::string_view trimmed(std::string_view text);

[[nodiscard]] constexpr bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

[[nodiscard]] constexpr bool is_lower_alphanumeric(char character) {
  return is_digit(character) || (character >= 'a' && character <= 'z');
}

/// Returns the text with the letters A to Z in lower case.
[[nodiscard]] std::string lower_case(std::string_view text);

/// Returns the octets as hexadecimal digits in lower case, two for each.
[[nodiscard]] std::string hexadecimal(std::string_view octets);

/// Whether the text is hexadecimal digits in lower case and nothing else.
[[nodiscard]] bool is_lower_hexadecimal(std::string_view text);

/// Returns the digits of a number that is not negative, with zeros before them where they are fewer
/// than `width`.
[[nodiscard]] std::string zero_padded(std::int64_t number, std::size_t width);

/// Returns what lies between any of the separators, trimmed, empty fields included.
[[nodiscard]] std::vector<std::string_view> fields(std::string_view text,
                                                   std::string_view separators);

/// Returns the fields that are not empty.
[[nodiscard]] std::vector<std::string_view> words(std::string_view text,
                                                  std::string_view separators);

/// One character at the front of a text, or one byte that begins none.
struct CodePoint {
  char32_t value = 0;      ///< The byte itself where it is not valid.
  std::size_t length = 1;  ///< In bytes.
  bool valid = false;
};

/// Decodes the front of a text that is not empty, by the rules of RFC 3629: no overlong forms, no
/// surrogates.
[[nodiscard]] CodePoint front_code_point(std::string_view text);

/// Returns the text as it may be stored and shown anywhere: valid UTF-8 on one line, no control
/// characters, no blanks around it, at most `longest` bytes. What is not UTF-8 becomes U+FFFD.
[[nodiscard]] std::string single_line(std::string_view text, std::size_t longest);

/// Quotes a value that another person wrote so that it fits one line of a status: control and
/// invisible characters and bytes that are not UTF-8 become escapes, and what is longer than 60
/// characters is cut.
[[nodiscard]] std::string excerpt(std::string_view text);

/// Returns the secret's id, the 20 last characters of `secret:<id>` or `secret://<model>/<id>`, or
/// an empty text for what is not the URI of a secret (Juju 3.6): the hook tools refuse that as a
/// wrong argument.
[[nodiscard]] std::string_view secret_id(std::string_view uri);

}  // namespace charm
