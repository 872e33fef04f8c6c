// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/go_text.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace rehearsal::pebble {

/// A position in a ring: the number of a line and how many of its bytes were taken.
struct LogCursor {
  std::uint64_t line = 0;
  std::size_t offset = 0;
};

/// A line, or the part of one that was there or fitted.
struct LogEntry {
  SystemTime time;
  std::string service;
  std::string message;
};

/// The last output of one service, up to 100 KiB with what Pebble puts before each line. It lives
/// longer than the service's processes. Every function expects the lock to be held.
class LogRing {
 public:
  explicit LogRing(std::string service) : service_(std::move(service)) {}

  void append(std::string_view output);

  LogCursor tail() const { return {first_, 0}; }

  /// The position `count` complete lines before the end.
  LogCursor last(std::size_t count) const;

  /// The next entry after the cursor, which moves past it. Pieces longer than what Pebble reads
  /// at once (4 KiB, the first with the line's prefix) are given piece by piece.
  std::optional<LogEntry> next(LogCursor& cursor) const;

  /// The last `count` lines, each indented, with "(...)" before them if there are more.
  std::string last_lines(std::size_t count, std::string_view indent) const;

 private:
  struct Line {
    SystemTime time;
    /// With its newline once it is complete.
    std::string text;
  };

  std::size_t prefix_size() const;
  void drop_oldest();

  std::string service_;
  std::deque<Line> lines_;
  std::uint64_t first_ = 0;
  std::size_t bytes_ = 0;
};

/// The last `count` lines of `output`, with "(...)" before them if there are more.
std::string last_lines_of(std::string_view output, std::size_t count);

}  // namespace rehearsal::pebble
