// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/go_text.hpp"

#include <array>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace rehearsal::pebble {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

std::string format_up_to_seconds(SystemTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const std::time_t count = seconds.time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&count, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  return text.data();
}

std::int64_t fraction_of(SystemTime time) {
  return (time - std::chrono::floor<std::chrono::seconds>(time)).count();
}

std::string digits(std::int64_t value, int width) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%0*lld", width, static_cast<long long>(value));
  return text.data();
}

std::string without_trailing_zeros(std::string text) {
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

/// The value of a run of exactly `count` digits at `text`'s front, which is removed.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) {
    return std::nullopt;
  }
  int value = 0;
  for (const char digit : text.substr(0, count)) {
    if (std::isdigit(static_cast<unsigned char>(digit)) == 0) {
      return std::nullopt;
    }
    value = value * 10 + (digit - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

std::int64_t take_fraction(std::string_view& text) {
  std::int64_t value = 0;
  std::int64_t unit = second_ns / 10;
  while (!text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) != 0) {
    value += (text.front() - '0') * unit;
    unit /= 10;
    text.remove_prefix(1);
  }
  return value;
}

std::optional<std::int64_t> take_zone_seconds(std::string_view& text) {
  if (take(text, 'Z')) {
    return 0;
  }
  const bool east = !text.empty() && text.front() == '+';
  if (!take(text, '+') && !take(text, '-')) {
    return std::nullopt;
  }
  const auto hours = take_digits(text, 2);
  if (!hours || !take(text, ':')) {
    return std::nullopt;
  }
  const auto minutes = take_digits(text, 2);
  if (!minutes) {
    return std::nullopt;
  }
  const std::int64_t seconds = *hours * 3600LL + *minutes * 60LL;
  return east ? seconds : -seconds;
}

struct Unit {
  std::string_view name;
  double nanoseconds;
};

constexpr std::array<Unit, 8> units{{{"ns", 1},
                                     {"us", 1e3},
                                     {"µs", 1e3},
                                     {"μs", 1e3},
                                     {"ms", 1e6},
                                     {"s", 1e9},
                                     {"m", 60e9},
                                     {"h", 3600e9}}};

bool is_number_character(char character) {
  return character == '.' || std::isdigit(static_cast<unsigned char>(character)) != 0;
}

std::string_view take_while_number(std::string_view& text, bool number) {
  std::size_t length = 0;
  while (length < text.size() && is_number_character(text[length]) == number) {
    ++length;
  }
  const std::string_view run = text.substr(0, length);
  text.remove_prefix(length);
  return run;
}

double take_duration_term(std::string_view& rest, std::string_view whole) {
  const std::string_view number = take_while_number(rest, true);
  if (number.empty() || number == ".") {
    throw std::invalid_argument("time: invalid duration " + go_quoted(whole));
  }
  const std::string_view name = take_while_number(rest, false);
  if (name.empty()) {
    throw std::invalid_argument("time: missing unit in duration " + go_quoted(whole));
  }
  for (const Unit& unit : units) {
    if (unit.name == name) {
      return std::strtod(std::string(number).c_str(), nullptr) * unit.nanoseconds;
    }
  }
  throw std::invalid_argument("time: unknown unit " + go_quoted(name) + " in duration " +
                              go_quoted(whole));
}

std::string with_fraction(std::int64_t whole, std::int64_t fraction, int width) {
  std::string text = std::to_string(whole);
  if (fraction != 0) {
    text += "." + without_trailing_zeros(digits(fraction, width));
  }
  return text;
}

std::string format_below_second(std::int64_t count) {
  if (count < 1000) {
    return std::to_string(count) + "ns";
  }
  if (count < 1'000'000) {
    return with_fraction(count / 1000, count % 1000, 3) + "µs";
  }
  return with_fraction(count / 1'000'000, count % 1'000'000, 6) + "ms";
}

std::string format_positive(std::int64_t count) {
  if (count < second_ns) {
    return format_below_second(count);
  }
  const std::int64_t seconds = count / second_ns;
  std::string text = with_fraction(seconds % 60, count % second_ns, 9) + "s";
  if (seconds >= 60) {
    text.insert(0, std::to_string(seconds / 60 % 60) + "m");
  }
  if (seconds >= 3600) {
    text.insert(0, std::to_string(seconds / 3600) + "h");
  }
  return text;
}

}  // namespace

std::string format_time(SystemTime time) {
  const std::int64_t fraction = fraction_of(time);
  const std::string end =
      fraction == 0 ? "Z" : "." + without_trailing_zeros(digits(fraction, 9)) + "Z";
  return format_up_to_seconds(time) + end;
}

std::string format_time_seconds(SystemTime time) {
  return format_up_to_seconds(time) + "Z";
}

std::string format_time_milliseconds(SystemTime time) {
  return format_up_to_seconds(time) + "." + digits(fraction_of(time) / 1'000'000, 3) + "Z";
}

std::optional<SystemTime> parse_time(std::string_view text) {
  std::tm parts{};
  const std::array<std::pair<std::size_t, char>, 6> layout{
      {{4, '-'}, {2, '-'}, {2, 'T'}, {2, ':'}, {2, ':'}, {2, '\0'}}};
  std::array<int, 6> values{};
  for (std::size_t i = 0; i < layout.size(); ++i) {
    const auto value = take_digits(text, layout[i].first);
    if (!value || (layout[i].second != '\0' && !take(text, layout[i].second))) {
      return std::nullopt;
    }
    values[i] = *value;
  }
  const std::int64_t fraction = take(text, '.') ? take_fraction(text) : 0;
  const auto zone = take_zone_seconds(text);
  if (!zone || !text.empty()) {
    return std::nullopt;
  }
  parts.tm_year = values[0] - 1900;
  parts.tm_mon = values[1] - 1;
  parts.tm_mday = values[2];
  parts.tm_hour = values[3];
  parts.tm_min = values[4];
  parts.tm_sec = values[5];
  return SystemTime(std::chrono::seconds(timegm(&parts) - *zone) + Duration(fraction));
}

SystemTime now() {
  return std::chrono::system_clock::now();
}

Duration parse_duration(std::string_view text) {
  std::string_view rest = text;
  const bool negative = take(rest, '-');
  if (!negative) {
    take(rest, '+');
  }
  if (rest == "0") {
    return Duration(0);
  }
  if (rest.empty()) {
    throw std::invalid_argument("time: invalid duration " + go_quoted(text));
  }
  double total = 0;
  while (!rest.empty()) {
    total += take_duration_term(rest, text);
  }
  return Duration(static_cast<std::int64_t>(negative ? -total : total));
}

std::string format_duration(Duration duration) {
  if (duration.count() == 0) {
    return "0s";
  }
  return duration.count() < 0 ? "-" + format_positive(-duration.count())
                              : format_positive(duration.count());
}

std::string go_quoted(std::string_view text) {
  std::string result = "\"";
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    switch (character) {
      case '"':
      case '\\':
        result += '\\';
        result += character;
        break;
      case '\n':
        result += "\\n";
        break;
      case '\t':
        result += "\\t";
        break;
      case '\r':
        result += "\\r";
        break;
      default:
        if (byte < 0x20 || byte == 0x7f) {
          std::array<char, 8> escape{};
          std::snprintf(escape.data(), escape.size(), "\\x%02x", byte);
          result += escape.data();
        } else {
          result += character;
        }
    }
  }
  return result + "\"";
}

std::string errno_text(int error) {
  std::string text = std::generic_category().message(error);
  text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
  return text;
}

}  // namespace rehearsal::pebble
