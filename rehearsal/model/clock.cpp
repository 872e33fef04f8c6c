// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/clock.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <string_view>
#include <utility>

namespace rehearsal {
namespace {

constexpr std::array<std::pair<std::string_view, double>, 5> units{
    {{"ms", 1.0}, {"us", 0.001}, {"h", 3'600'000.0}, {"m", 60'000.0}, {"s", 1'000.0}}};

std::tm broken_down(Millis time) {
  const auto seconds = static_cast<std::time_t>(time / one_second);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return parts;
}

std::optional<Millis> zone_offset(std::string_view zone) {
  if (zone.empty() || zone == "Z") {
    return 0;
  }
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') {
    return std::nullopt;
  }
  const Millis hours = std::atoi(std::string(zone.substr(1, 2)).c_str());
  const Millis minutes = std::atoi(std::string(zone.substr(4, 2)).c_str());
  const Millis offset = (hours * 60 + minutes) * one_minute;
  return zone[0] == '-' ? -offset : offset;
}

}  // namespace

std::optional<Millis> parse_duration(const std::string& text) {
  double total = 0;
  std::string_view rest = text;
  if (rest.empty()) {
    return std::nullopt;
  }
  while (!rest.empty()) {
    const std::size_t digits = rest.find_first_not_of("0123456789.");
    if (digits == 0 || digits == std::string_view::npos) {
      return std::nullopt;
    }
    const double number = std::strtod(std::string(rest.substr(0, digits)).c_str(), nullptr);
    rest.remove_prefix(digits);
    bool known = false;
    for (const auto& [name, millis] : units) {
      if (!known && rest.starts_with(name)) {
        known = true;
        total += number * millis;
        rest.remove_prefix(name.size());
      }
    }
    if (!known) {
      return std::nullopt;
    }
  }
  return std::llround(total);
}

std::optional<Millis> parse_time(const std::string& text) {
  std::tm parts{};
  const char* end = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (end == nullptr) {
    return std::nullopt;
  }
  std::string_view rest = end;
  if (rest.starts_with('.')) {
    const std::size_t fraction = rest.find_first_not_of("0123456789", 1);
    rest.remove_prefix(fraction == std::string_view::npos ? rest.size() : fraction);
  }
  const auto offset = zone_offset(rest);
  if (!offset) {
    return std::nullopt;
  }
  return static_cast<Millis>(timegm(&parts)) * one_second - *offset;
}

std::string format_time(Millis time) {
  const std::tm parts = broken_down(time);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), size};
}

std::string format_time_of_day(Millis time) {
  return format_time(time).substr(11, 8);
}

Millis wall_clock() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace rehearsal
