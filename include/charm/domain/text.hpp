// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Splits and shows text that operators and other programs wrote.
namespace charm {

/// The white space that operators leave around values.
inline constexpr std::string_view blanks = " \t\r\n\v\f";

/// Returns the text without white space around it.
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

/// Returns the digits of a number that is not negative, padded with zeros to at least `width`.
[[nodiscard]] std::string zero_padded(std::int64_t number, std::size_t width);

/// Returns the text between the separators, trimmed, including empty fields.
[[nodiscard]] std::vector<std::string_view> fields(std::string_view text,
                                                   std::string_view separators);

/// Returns the fields that are not empty.
[[nodiscard]] std::vector<std::string_view> words(std::string_view text,
                                                  std::string_view separators);

/// One character at the beginning of a text, or one byte that is not the beginning of a character.
struct CodePoint {
  char32_t value = 0;      ///< The byte itself if it is not valid UTF-8.
  std::size_t length = 1;  ///< In bytes.
  bool valid = false;
};

/// Decodes the first character of a text that is not empty, by the rules of RFC 3629: no overlong
/// forms, no surrogates.
[[nodiscard]] CodePoint front_code_point(std::string_view text);

/// Returns the text in a form that can be stored and shown anywhere: valid UTF-8 on one line, no
/// control characters, no spaces around it, at most `longest` bytes. Bytes that are not UTF-8
/// become U+FFFD.
[[nodiscard]] std::string single_line(std::string_view text, std::size_t longest);

/// Quotes a remote value so that it fits one line of a status. Control characters, invisible
/// characters and bytes that are not UTF-8 become escapes. A text of more than 60 characters is
/// cut.
[[nodiscard]] std::string excerpt(std::string_view text);

/// Returns the ID of a secret (Juju 3.6): the last 20 characters of `secret:<id>` or
/// `secret://<model>/<id>`. Returns an empty text for any other text, which the hook tools would
/// reject as a wrong argument.
[[nodiscard]] std::string_view secret_id(std::string_view uri);

/// Returns the text with all characters percent-encoded except RFC 3986's unreserved ones.
[[nodiscard]] std::string percent_encoded(std::string_view text);

}  // namespace charm
