// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/utc.hpp"

#include "charm/domain/text.hpp"

#include <algorithm>

namespace charm {

namespace {

constexpr std::string_view date_and_time = "dddd-dd-ddTdd:dd:dd";
constexpr std::string_view offset_shape = "sdd:dd";

/// In the shape, `d` matches a digit, `s` a sign, and anything else itself.
bool has_shape(std::string_view text, std::string_view shape) {
  return text.size() == shape.size() &&
         std::equal(text.begin(), text.end(), shape.begin(), [](char byte, char expected) {
           switch (expected) {
             case 'd':
               return is_digit(byte);
             case 's':
               return byte == '+' || byte == '-';
             default:
               return byte == expected;
           }
         });
}

int number(std::string_view digits) {
  return std::stoi(std::string(digits));
}

std::optional<std::chrono::minutes> parse_offset(std::string_view text) {
  if (text == "Z") {
    return std::chrono::minutes(0);
  }
  if (!has_shape(text, offset_shape)) {
    return std::nullopt;
  }
  const int minutes = number(text.substr(1, 2)) * 60 + number(text.substr(4, 2));
  return std::chrono::minutes(text.front() == '-' ? -minutes : minutes);
}

}  // namespace

std::string utc_text(std::chrono::sys_seconds time) {
  const auto midnight = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(midnight);
  const std::chrono::hh_mm_ss clock(time - midnight);
  return zero_padded(static_cast<int>(date.year()), 4) + "-" +
         zero_padded(static_cast<unsigned>(date.month()), 2) + "-" +
         zero_padded(static_cast<unsigned>(date.day()), 2) + "T" +
         zero_padded(clock.hours().count(), 2) + ":" + zero_padded(clock.minutes().count(), 2) +
         ":" + zero_padded(clock.seconds().count(), 2) + "Z";
}

std::optional<std::chrono::sys_seconds> read_time(std::string_view text) {
  const std::string_view local = text.substr(0, date_and_time.size());
  std::string_view rest = text.substr(local.size());
  if (rest.starts_with('.')) {
    const auto* const end = std::find_if_not(rest.begin() + 1, rest.end(), is_digit);
    rest.remove_prefix(static_cast<std::size_t>(end - rest.begin()));
  }
  const auto offset = parse_offset(rest);
  if (!has_shape(local, date_and_time) || !offset) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date(
      std::chrono::year(number(local.substr(0, 4))),
      std::chrono::month(static_cast<unsigned>(number(local.substr(5, 2)))),
      std::chrono::day(static_cast<unsigned>(number(local.substr(8, 2)))));
  const int hour = number(local.substr(11, 2));
  const int minute = number(local.substr(14, 2));
  const int second = number(local.substr(17, 2));
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) {
    return std::nullopt;
  }
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second) - *offset;
}

}  // namespace charm
