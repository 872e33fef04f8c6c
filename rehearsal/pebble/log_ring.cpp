// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/log_ring.hpp"

#include <algorithm>

namespace rehearsal::pebble {

std::size_t LogRing::size_of(const Line& line) const {
  // "2026-01-02T15:04:05.999Z", a space, and the brackets and the space around the service's name.
  constexpr std::size_t prefix_without_name = 24 + 4;
  return prefix_without_name + service_.size() + line.text.size();
}

void LogRing::append(std::string_view output) {
  constexpr std::size_t most_bytes = 100UL * 1024;
  while (!output.empty()) {
    if (lines_.empty() || lines_.back().text.ends_with('\n')) {
      lines_.push_back({now(), ""});
      bytes_ += size_of(lines_.back());
    }
    const std::size_t newline = output.find('\n');
    const std::size_t count = newline == std::string_view::npos ? output.size() : newline + 1;
    lines_.back().text += output.substr(0, count);
    bytes_ += count;
    output.remove_prefix(count);
  }
  while (bytes_ > most_bytes && !lines_.empty()) {
    bytes_ -= size_of(lines_.front());
    lines_.pop_front();
    ++first_;
  }
}

std::optional<LogEntry> LogRing::next(LogCursor& cursor) const {
  if (cursor.line < first_) {
    cursor = oldest();
  }
  const std::size_t index = cursor.line - first_;
  if (index >= lines_.size() || lines_[index].text.size() == cursor.offset) {
    return std::nullopt;
  }
  const Line& line = lines_[index];
  std::string piece = line.text.substr(cursor.offset);
  cursor.offset = line.text.size();
  if (piece.ends_with('\n')) {
    cursor = {cursor.line + 1, 0};
    piece.pop_back();
  }
  return LogEntry{std::chrono::floor<std::chrono::milliseconds>(line.time), service_, piece};
}

std::string LogRing::last_lines(std::size_t count, const std::string& indent) const {
  std::string text = lines_.size() > count ? indent + "(...)\n" : "";
  for (std::size_t i = lines_.size() - std::min(count, lines_.size()); i < lines_.size(); ++i) {
    text += indent + lines_[i].text;
  }
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  return text;
}

}  // namespace rehearsal::pebble
