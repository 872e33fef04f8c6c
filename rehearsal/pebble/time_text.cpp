// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/time_text.hpp"

#include "rehearsal/pebble/refusal.hpp"

#include <array>
#include <cmath>
#include <ctime>
#include <map>
#include <regex>

namespace rehearsal::pebble {
namespace {

std::string up_to_seconds(SystemTime time) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  const std::time_t count = whole.time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&count, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  return text.data();
}

std::string fraction(SystemTime time, std::size_t digits) {
  const auto rest = time - std::chrono::floor<std::chrono::seconds>(time);
  const std::string all = std::to_string(1'000'000'000 + rest.count());
  return "." + all.substr(1, digits);
}

}  // namespace

std::string format_time(SystemTime time) {
  return up_to_seconds(time) + fraction(time, 9) + "Z";
}

std::string format_time_seconds(SystemTime time) {
  return up_to_seconds(time) + "Z";
}

std::string format_time_milliseconds(SystemTime time) {
  return up_to_seconds(time) + fraction(time, 3) + "Z";
}

SystemTime now() {
  return std::chrono::system_clock::now();
}

Duration parse_duration(const std::string& text) {
  static const std::regex whole("([0-9.]+(ms|h|m|s))+");
  static const std::regex term("([0-9.]+)(ms|h|m|s)");
  static const std::map<std::string, double> milliseconds{
      {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}};
  if (!std::regex_match(text, whole)) {
    bad_request("invalid duration " + in_quotes(text));
  }
  double total = 0;
  for (std::sregex_iterator match(text.begin(), text.end(), term), end; match != end; ++match) {
    total += std::atof((*match)[1].str().c_str()) * milliseconds.at((*match)[2]);
  }
  const Duration duration(std::llround(total));
  if (std::abs(static_cast<double>(duration.count()) - total) > 1e-6) {
    not_supported("the duration " + in_quotes(text) + ", a fraction of a millisecond");
  }
  return duration;
}

std::string format_duration(Duration duration) {
  const auto count = duration.count();
  if (count > 0 && count < 1000) {
    return std::to_string(count) + "ms";
  }
  std::string rest = std::to_string(count / 1000 % 60);
  if (count % 1000 != 0) {
    rest += "." + std::to_string(1000 + count % 1000).substr(1);
    rest.erase(rest.find_last_not_of('0') + 1);
  }
  const auto minutes = count / 60'000;
  const std::string hours = minutes >= 60 ? std::to_string(minutes / 60) + "h" : "";
  return hours + (minutes > 0 ? std::to_string(minutes % 60) + "m" : "") + rest + "s";
}

}  // namespace rehearsal::pebble
