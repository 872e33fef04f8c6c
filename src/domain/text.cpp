// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/text.hpp"

#include <algorithm>

namespace charm {
namespace {

bool is_within(char32_t value, char32_t first, char32_t last) {
  return value >= first && value <= last;
}

std::size_t sequence_length(unsigned char lead) {
  if (lead < 0xE0) {
    return 2;
  }
  return lead < 0xF0 ? 3 : 4;
}

bool is_well_formed(char32_t value, std::size_t length) {
  constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = is_within(value, 0xD800, 0xDFFF);
  return value >= least[length] && value <= 0x10FFFF && !surrogate;
}

/// Returns the character as it may appear on one line.
std::string_view on_a_line(const CodePoint& point, std::string_view bytes) {
  if (!point.valid) {
    return "\uFFFD";
  }
  const bool control = point.value < 0x20 || is_within(point.value, 0x7F, 0x9F) ||
                       is_within(point.value, 0x2028, 0x2029);
  return control ? " " : bytes;
}

bool is_invisible(char32_t value) {
  // C1 controls, soft hyphen, zero-width and bidirectional marks, line separators, BOM.
  return is_within(value, 0x80, 0x9F) || value == 0xAD || is_within(value, 0x200B, 0x200F) ||
         is_within(value, 0x2028, 0x202E) || is_within(value, 0x2060, 0x206F) || value == 0xFEFF;
}

constexpr std::string_view alphabet = "0123456789abcdef";

std::string hexadecimal_number(std::uint32_t value, std::size_t digits) {
  std::string text;
  while (value != 0 || text.size() < digits) {
    text.insert(text.begin(), alphabet[value % 16]);
    value /= 16;
  }
  return text;
}

/// Returns the character as it appears in an excerpt.
std::string escaped(const CodePoint& point, std::string_view bytes) {
  if (point.value == '\n') {
    return "\\n";
  }
  if (point.value == '\r') {
    return "\\r";
  }
  if (point.value == '\t') {
    return "\\t";
  }
  if (!point.valid || point.value < 0x20 || point.value == 0x7F) {
    return "\\x" + hexadecimal_number(point.value, 2);
  }
  if (is_invisible(point.value)) {
    return "\\u{" + hexadecimal_number(point.value, 4) + "}";
  }
  return std::string(bytes);
}

/// Whether this is the part before the ID of a secret: `//<model>/`, or nothing.
bool is_place(std::string_view text) {
  return text.empty() || (text.size() > 3 && text.starts_with("//") && text.ends_with('/') &&
                          std::all_of(text.begin() + 2, text.end() - 1, [](char byte) {
                            return byte == '-' || is_lower_alphanumeric(byte);
                          }));
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

std::string hexadecimal(std::string_view octets) {
  std::string text;
  for (const char octet : octets) {
    const auto value = static_cast<unsigned char>(octet);
    text += {alphabet[value >> 4U], alphabet[value & 0xFU]};
  }
  return text;
}

bool is_lower_hexadecimal(std::string_view text) {
  return text.find_first_not_of(alphabet) == std::string_view::npos;
}

std::string zero_padded(std::int64_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  return std::string(width - std::min(width, digits.size()), '0') + digits;
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

std::string single_line(std::string_view text, std::size_t longest) {
  std::string line;
  while (!text.empty()) {
    const CodePoint point = front_code_point(text);
    const std::string_view next = on_a_line(point, text.substr(0, point.length));
    if (line.size() + next.size() > longest) {
      break;
    }
    line += next;
    text.remove_prefix(point.length);
  }
  return std::string(trimmed(line));
}

std::string excerpt(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string shown = "\"";
  std::size_t length = 0;
  while (!text.empty()) {
    const CodePoint point = front_code_point(text);
    const std::string next = escaped(point, text.substr(0, point.length));
    length += point.valid && next.size() == point.length ? 1 : next.size();
    if (length > longest) {
      return shown + "…\"";
    }
    shown += next;
    text.remove_prefix(point.length);
  }
  return shown + '"';
}

std::string_view secret_id(std::string_view uri) {
  constexpr std::string_view scheme = "secret:";
  constexpr std::size_t id_length = 20;
  if (!uri.starts_with(scheme) || uri.size() < scheme.size() + id_length) {
    return {};
  }
  const std::string_view id = uri.substr(uri.size() - id_length);
  uri.remove_suffix(id_length);
  const bool right = std::all_of(id.begin(), id.end(), is_lower_alphanumeric) &&
                     is_place(uri.substr(scheme.size()));
  return right ? id : std::string_view();
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view unreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string encoded;
  for (const char byte : text) {
    if (unreserved.find(byte) != std::string_view::npos) {
      encoded += byte;
    } else {
      const auto value = static_cast<unsigned char>(byte);
      encoded += {'%', digits[value >> 4U], digits[value & 0xfU]};
    }
  }
  return encoded;
}

}  // namespace charm
