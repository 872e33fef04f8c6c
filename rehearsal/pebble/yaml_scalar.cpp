// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/yaml_scalar.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <regex>

namespace rehearsal::pebble {
namespace {

bool is_digit(char character) {
  return std::isdigit(static_cast<unsigned char>(character)) != 0;
}

bool is_letter(char character) {
  // Bytes of multi-byte characters count as letters: service and key names are rarely others.
  return std::isalpha(static_cast<unsigned char>(character)) != 0 ||
         static_cast<unsigned char>(character) >= 0x80;
}

bool is_word_of_another_type(const std::string& text) {
  static constexpr std::array<std::string_view, 39> words{
      "",      "~",    "null", "Null",  "NULL",  "true",  "True",  "TRUE",  "false", "False",
      "FALSE", "y",    "Y",    "yes",   "Yes",   "YES",   "n",     "N",     "no",    "No",
      "NO",    "on",   "On",   "ON",    "off",   "Off",   "OFF",   ".nan",  ".NaN",  ".NAN",
      ".inf",  ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF"};
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool looks_like_number(const std::string& text) {
  if (text.empty() ||
      (!is_digit(text[0]) && std::string_view("+-.").find(text[0]) == std::string_view::npos)) {
    return false;
  }
  std::string plain = text;
  plain.erase(std::remove(plain.begin(), plain.end(), '_'), plain.end());
  const std::regex number(
      "[-+]?(0[bB][01]+|0[oO]?[0-7]+|0[xX][0-9a-fA-F]+|[0-9]+|(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)"
      "([eE][-+]?[0-9]+)?)");
  const std::regex base_sixty("[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\\.[0-9_]*)?");
  return std::regex_match(plain, number) || std::regex_match(text, base_sixty);
}

bool looks_like_time(const std::string& text) {
  if (text.size() < 8 || !is_digit(text[0])) {
    return false;
  }
  const std::regex time(
      "[0-9]{4}-(0?[1-9]|1[0-2])-(0?[1-9]|[12][0-9]|3[01])"
      "([Tt ][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\\.[0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})?)?");
  return std::regex_match(text, time);
}

/// Characters beyond the basic plane are escaped, those of four bytes in UTF-8.
bool is_beyond_basic_plane(char character) {
  return static_cast<unsigned char>(character) >= 0xf0;
}

std::string code_point_escape(std::string_view bytes) {
  unsigned long value = static_cast<unsigned char>(bytes[0]) & 0x07U;
  for (const char byte : bytes.substr(1, 3)) {
    value = (value << 6U) | (static_cast<unsigned char>(byte) & 0x3fU);
  }
  std::array<char, 16> escape{};
  std::snprintf(escape.data(), escape.size(), "\\U%08lX", value);
  return escape.data();
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char character) {
    const auto byte = static_cast<unsigned char>(character);
    return (byte < 0x20 && character != '\n' && character != '\t') || byte == 0x7f ||
           is_beyond_basic_plane(character);
  });
}

bool starts_with_indicator(std::string_view text) {
  static constexpr std::string_view always = "#,[]{}&*!|>'\"%@`";
  if (always.find(text[0]) != std::string_view::npos) {
    return true;
  }
  const bool alone = text.size() == 1 || text[1] == ' ';
  return (std::string_view("-?:").find(text[0]) != std::string_view::npos && alone) ||
         text.starts_with("---") || text.starts_with("...");
}

bool may_be_plain(std::string_view text) {
  if (text.front() == ' ' || text.back() == ' ' || starts_with_indicator(text)) {
    return false;
  }
  return text.find(": ") == std::string_view::npos && text.back() != ':' &&
         text.find(" #") == std::string_view::npos;
}

std::string double_quoted(std::string_view text) {
  std::string result = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char character = text[i];
    const auto byte = static_cast<unsigned char>(character);
    if (is_beyond_basic_plane(character)) {
      result += code_point_escape(text.substr(i));
      i += 3;
    } else if (character == '"' || character == '\\') {
      result += std::string("\\") + character;
    } else if (character == '\n') {
      result += "\\n";
    } else if (character == '\t') {
      result += "\\t";
    } else if (character == '\r') {
      result += "\\r";
    } else if (byte < 0x20 || byte == 0x7f) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\x%02X", byte);
      result += escape.data();
    } else {
      result += character;
    }
  }
  return result + "\"";
}

std::string single_quoted(std::string_view text) {
  std::string result = "'";
  for (const char character : text) {
    result += character == '\'' ? "''" : std::string(1, character);
  }
  return result + "'";
}

std::string on_one_line(const std::string& text) {
  if (is_word_of_another_type(text) || looks_like_number(text) || looks_like_time(text) ||
      text.find_first_of("\n\t") != std::string::npos || has_control_character(text)) {
    return double_quoted(text);
  }
  return may_be_plain(text) ? text : single_quoted(text);
}

std::string chomping(std::string_view text) {
  if (text.back() != '\n') {
    return "-";
  }
  return text.size() == 1 || text[text.size() - 2] == '\n' ? "+" : "";
}

std::string literal_block(std::string_view text, std::size_t indent) {
  const bool hint = text.front() == ' ' || text.front() == '\n';
  std::string result = "|" + std::string(hint ? "4" : "") + chomping(text);
  // A line break at the beginning is taken for the one after the header: the library's fault, and
  // part of what a client of Pebble sees.
  text.remove_prefix(text.front() == '\n' ? 1 : 0);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    result += "\n" + (end == 0 ? "" : std::string(indent, ' ') + std::string(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

bool may_be_block(std::string_view text) {
  return text.find('\n') != std::string_view::npos && text.find(" \n") == std::string_view::npos &&
         text.back() != ' ' && !has_control_character(text);
}

struct DigitRun {
  unsigned long long value = 0;
  std::size_t length = 0;
};

DigitRun digits_at(std::string_view text, std::size_t start) {
  DigitRun run;
  while (start + run.length < text.size() && is_digit(text[start + run.length])) {
    run.value = run.value * 10 + static_cast<unsigned>(text[start + run.length] - '0');
    ++run.length;
  }
  return run;
}

/// The first position of the run of digits that `position` continues.
std::size_t run_start(std::string_view text, std::size_t position) {
  while (position > 0 && is_digit(text[position - 1])) {
    --position;
  }
  return position;
}

}  // namespace

std::string yaml_scalar(std::string_view text, std::size_t indent) {
  return may_be_block(text) ? literal_block(text, indent) : on_one_line(std::string(text));
}

std::string yaml_key(std::string_view text) {
  return on_one_line(std::string(text));
}

bool yaml_key_less(std::string_view left, std::string_view right) {
  const auto [at_left, at_right] =
      std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  if (at_left == left.end() || at_right == right.end()) {
    return left.size() < right.size();
  }
  const auto position = static_cast<std::size_t>(at_left - left.begin());
  const bool after_digit = position > 0 && is_digit(left[position - 1]);
  if (is_letter(*at_left) || is_letter(*at_right)) {
    const bool both = is_letter(*at_left) && is_letter(*at_right);
    const auto byte = [](char character) { return static_cast<unsigned char>(character); };
    return both ? byte(*at_left) < byte(*at_right) : is_letter(*at_left) == after_digit;
  }
  if (is_digit(*at_left) || is_digit(*at_right)) {
    const std::size_t start = run_start(left, position);
    const DigitRun a = digits_at(left, start);
    const DigitRun b = digits_at(right, start);
    if (a.value != b.value) {
      return a.value < b.value;
    }
    if (a.length != b.length) {
      return a.length < b.length;
    }
  }
  return *at_left < *at_right;
}

}  // namespace rehearsal::pebble
