// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "results.hpp"

#include "charm/domain/text.hpp"
#include "charm/domain/utc.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace charm::actions {
namespace {

constexpr std::size_t longest_key = 80;

/// The width in characters: counts the bytes that begin a character of UTF-8.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
  }));
}

std::vector<std::size_t> widths(const std::vector<TableRow>& rows) {
  std::vector<std::size_t> columns;
  for (const TableRow& row : rows) {
    columns.resize(std::max(columns.size(), row.size()));
    for (std::size_t column = 0; column < row.size(); ++column) {
      columns[column] = std::max(columns[column], width(row[column]));
    }
  }
  return columns;
}

struct Scale {
  std::int64_t size;
  const char* name;
};

constexpr std::array durations = {Scale{86400, "d"}, Scale{3600, "h"}, Scale{60, "min"},
                                  Scale{1, "s"}};
constexpr std::array sizes = {Scale{1LL << 40U, "TiB"}, Scale{1LL << 30U, "GiB"},
                              Scale{1LL << 20U, "MiB"}, Scale{1LL << 10U, "KiB"}};

std::string amount(std::int64_t count, const Scale& unit) {
  return std::to_string(count) + " " + unit.name;
}

}  // namespace

std::string result_key(std::string_view typed) {
  std::string key = lower_case(typed.substr(0, longest_key));
  std::ranges::replace_if(key, std::not_fn(is_lower_alphanumeric), '-');
  key.erase(key.find_last_not_of('-') + 1);
  key.erase(0, key.find_first_not_of('-'));
  return key.empty() ? "unreadable" : key;
}

std::string table(const std::vector<TableRow>& rows) {
  const std::vector<std::size_t> columns = widths(rows);
  std::string text;
  for (const TableRow& row : rows) {
    std::string line;
    for (std::size_t column = 0; column < row.size(); ++column) {
      line += row[column] + std::string(columns[column] - width(row[column]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += (text.empty() ? "" : "\n") + line;
  }
  return text;
}

std::string time_text(const std::optional<std::chrono::sys_seconds>& time) {
  return time ? utc_text(*time) : "never";
}

std::string duration_text(std::chrono::seconds duration) {
  const std::int64_t seconds = std::max<std::int64_t>(duration.count(), 0);
  const auto* const largest = std::find_if(durations.begin(), durations.end() - 1,
                                           [&](const Scale& unit) { return seconds >= unit.size; });
  std::string text = amount(seconds / largest->size, *largest);
  if (const auto* const next = largest + 1; next != durations.end()) {
    const std::int64_t rest = seconds % largest->size / next->size;
    text += rest == 0 ? "" : " " + amount(rest, *next);
  }
  return text;
}

std::string size_text(std::int64_t bytes) {
  for (const Scale& unit : sizes) {
    if (bytes >= unit.size) {
      const std::int64_t tenths = bytes / unit.size * 10 + bytes % unit.size * 10 / unit.size;
      return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " " + unit.name;
    }
  }
  return std::to_string(bytes) + " bytes";
}

}  // namespace charm::actions
