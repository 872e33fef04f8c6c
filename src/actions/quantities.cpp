// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "quantities.hpp"

#include "charm/domain/utc.hpp"

#include <algorithm>
#include <array>

namespace charm::actions {
namespace {

struct Unit {
  std::int64_t size;
  const char* name;
};

constexpr std::array durations = {Unit{86400, "d"}, Unit{3600, "h"}, Unit{60, "min"}, Unit{1, "s"}};
constexpr std::array sizes = {Unit{1LL << 40U, "TiB"}, Unit{1LL << 30U, "GiB"},
                              Unit{1LL << 20U, "MiB"}, Unit{1LL << 10U, "KiB"}};

std::string amount(std::int64_t count, const Unit& unit) {
  return std::to_string(count) + " " + unit.name;
}

}  // namespace

std::string time_text(const std::optional<std::chrono::sys_seconds>& time) {
  return time ? utc_text(*time) : "never";
}

std::string duration_text(std::chrono::seconds duration) {
  const std::int64_t seconds = std::max<std::int64_t>(duration.count(), 0);
  const auto* const largest = std::find_if(durations.begin(), durations.end() - 1,
                                           [&](const Unit& unit) { return seconds >= unit.size; });
  std::string text = amount(seconds / largest->size, *largest);
  if (const auto* const next = largest + 1; next != durations.end()) {
    const std::int64_t rest = seconds % largest->size / next->size;
    text += rest == 0 ? "" : " " + amount(rest, *next);
  }
  return text;
}

std::string size_text(std::int64_t bytes) {
  for (const Unit& unit : sizes) {
    if (bytes >= unit.size) {
      const std::int64_t tenths = bytes / unit.size * 10 + bytes % unit.size * 10 / unit.size;
      return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " " + unit.name;
    }
  }
  return std::to_string(bytes) + " bytes";
}

}  // namespace charm::actions
