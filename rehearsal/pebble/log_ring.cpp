// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/log_ring.hpp"

#include <algorithm>
#include <vector>

namespace rehearsal::pebble {
namespace {

constexpr std::size_t ring_bytes = 100UL * 1024;
constexpr std::size_t read_bytes = 4096;
/// "2026-01-02T15:04:05.999Z" and the blank, brackets and blank around the service's name.
constexpr std::size_t prefix_without_name = 24 + 4;

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  std::size_t start = 0;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos;
       end = text.find('\n', start)) {
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  lines.push_back(text.substr(start));
  return lines;
}

std::string joined(const std::vector<std::string_view>& lines, std::size_t count,
                   std::string_view indent) {
  std::string text;
  if (lines.size() > count) {
    text = std::string(indent) + "(...)";
  }
  for (std::size_t i = lines.size() - std::min(count, lines.size()); i < lines.size(); ++i) {
    text += (text.empty() ? "" : "\n") + std::string(indent) + std::string(lines[i]);
  }
  return text;
}

bool is_complete(const std::string& text) {
  return text.ends_with('\n');
}

}  // namespace

std::size_t LogRing::prefix_size() const {
  return prefix_without_name + service_.size();
}

void LogRing::append(std::string_view output) {
  while (!output.empty()) {
    if (lines_.empty() || is_complete(lines_.back().text)) {
      lines_.push_back({now(), ""});
      bytes_ += prefix_size();
    }
    const std::size_t newline = output.find('\n');
    const std::size_t count = newline == std::string_view::npos ? output.size() : newline + 1;
    lines_.back().text += output.substr(0, count);
    bytes_ += count;
    output.remove_prefix(count);
  }
  drop_oldest();
}

void LogRing::drop_oldest() {
  while (bytes_ > ring_bytes && !lines_.empty()) {
    bytes_ -= prefix_size() + lines_.front().text.size();
    lines_.pop_front();
    ++first_;
  }
}

LogCursor LogRing::last(std::size_t count) const {
  const bool partial = !lines_.empty() && !is_complete(lines_.back().text);
  const std::size_t wanted = count == 0 ? 0 : count + (partial ? 1 : 0);
  const std::size_t skipped = lines_.size() - std::min(wanted, lines_.size());
  const bool within_last = count == 0 && partial;
  return within_last ? LogCursor{first_ + skipped - 1, lines_.back().text.size()}
                     : LogCursor{first_ + skipped, 0};
}

std::optional<LogEntry> LogRing::next(LogCursor& cursor) const {
  if (cursor.line < first_) {
    cursor = tail();
  }
  const std::size_t index = cursor.line - first_;
  if (index >= lines_.size() || lines_[index].text.size() == cursor.offset) {
    return std::nullopt;
  }
  const Line& line = lines_[index];
  const std::size_t room = cursor.offset == 0 ? read_bytes - prefix_size() : read_bytes;
  std::string piece = line.text.substr(cursor.offset, room);
  cursor.offset += piece.size();
  if (cursor.offset == line.text.size() && is_complete(line.text)) {
    cursor = {cursor.line + 1, 0};
  }
  if (piece.ends_with('\n')) {
    piece.pop_back();
  }
  return LogEntry{std::chrono::floor<std::chrono::milliseconds>(line.time), service_, piece};
}

std::string LogRing::last_lines(std::size_t count, std::string_view indent) const {
  std::string text;
  for (const Line& line : lines_) {
    text += line.text;
  }
  return joined(split_lines(trimmed(text)), count, indent);
}

std::string last_lines_of(std::string_view output, std::size_t count) {
  return joined(split_lines(trimmed(output)), count, "");
}

}  // namespace rehearsal::pebble
