// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/block_list.hpp"

#include "charm/domain/error.hpp"
#include "charm/domain/fingerprints.hpp"
#include "charm/domain/text.hpp"
#include "charm/domain/utc.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace charm {
namespace {

constexpr std::size_t longest_comment = 1000;

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (const char byte : text) {
    quoted += byte == '"' ? "\"\"" : std::string(1, byte);
  }
  return quoted + '"';
}

/// Removes a quoted field from the front of the line, and returns it without quotes.
std::string take_quoted(std::string_view& line) {
  std::string field;
  for (line.remove_prefix(1); !line.empty(); line.remove_prefix(1)) {
    if (line.front() == '"') {
      line.remove_prefix(1);
      if (line.empty() || line.front() != '"') {
        return field;
      }
    }
    field += line.front();
  }
  throw InputError("a quotation mark is not closed");
}

std::vector<std::string> csv_fields(std::string_view line) {
  std::vector<std::string> fields;
  for (;;) {
    std::string field;
    if (!line.empty() && line.front() == '"') {
      field = take_quoted(line);
    }
    const auto end = std::min(line.find(','), line.size());
    field += line.substr(0, end);
    fields.push_back(std::string(trimmed(field)));
    if (end == line.size()) {
      return fields;
    }
    line.remove_prefix(end + 1);
  }
}

/// RFC 3339 in UTC to the second, with a year that PostgreSQL accepts as well.
bool is_date(std::string_view text) {
  constexpr std::size_t length = std::string_view("2026-11-23T20:44:11Z").size();
  return text.size() == length && text.ends_with('Z') && !text.starts_with("0000") &&
         read_time(text).has_value();
}

}  // namespace

std::string block_comment(std::string_view text) {
  return single_line(text, longest_comment);
}

std::string block_list_line(const BlockedKey& entry) {
  return entry.fingerprint + ',' + entry.blocked_at + ',' + csv_field(entry.blocked_by) + ',' +
         csv_field(entry.comment);
}

std::optional<BlockedKey> read_block_list_line(std::string_view line) {
  constexpr std::string_view byte_order_mark = "\uFEFF";
  line.remove_prefix(line.starts_with(byte_order_mark) ? byte_order_mark.size() : 0);
  line = trimmed(line);
  if (line.empty() || line.front() == '#') {
    return std::nullopt;
  }
  std::vector<std::string> fields = csv_fields(line);
  if (fields.front() == "fingerprint") {
    return std::nullopt;
  }
  if (fields.size() > 4) {
    throw InputError(
        "there are more than four fields: a comment with commas needs quotation marks");
  }
  fields.resize(4);
  const auto fingerprint = normalized_fingerprint(fields[0]);
  if (!fingerprint) {
    throw InputError(excerpt(fields[0]) + " is not a fingerprint of 40 or 64 hexadecimal digits");
  }
  if (!fields[1].empty() && !is_date(fields[1])) {
    throw InputError(excerpt(fields[1]) + " is not a date like 2026-11-23T20:44:11Z");
  }
  return BlockedKey{*fingerprint, fields[1], block_comment(fields[2]), block_comment(fields[3])};
}

std::optional<BlockListLine> BlockListReader::next() {
  while (!rest_.empty()) {
    const std::string_view line = rest_.substr(0, rest_.find('\n'));
    rest_.remove_prefix(std::min(line.size() + 1, rest_.size()));
    ++number_;
    try {
      if (auto entry = read_block_list_line(line)) {
        return BlockListLine{line, *std::move(entry)};
      }
    } catch (const InputError& fault) {
      throw InputError("line " + std::to_string(number_) + ": " + fault.what());
    }
  }
  return std::nullopt;
}

}  // namespace charm
