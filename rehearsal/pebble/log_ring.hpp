// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/time_text.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace rehearsal::pebble {

/// A position in a ring: the number of a line, and how many of its bytes were read.
struct LogCursor {
  std::uint64_t line = 0;
  std::size_t offset = 0;
};

/// A line, or the existing part of a line.
struct LogEntry {
  SystemTime time;
  std::string service;
  std::string message;
};

/// The last output of one service, up to 100 KiB including Pebble's prefix of each line. It
/// outlives the service's processes.
class LogRing {
 public:
  explicit LogRing(std::string service) : service_(std::move(service)) {}

  void append(std::string_view output);

  [[nodiscard]] LogCursor oldest() const { return {first_, 0}; }

  /// Returns the next entry after the cursor, and moves the cursor past it.
  [[nodiscard]] std::optional<LogEntry> next(LogCursor& cursor) const;

  /// Returns the last `count` lines, each indented, with "(...)" before them if there are more.
  [[nodiscard]] std::string last_lines(std::size_t count, const std::string& indent) const;

 private:
  struct Line {
    SystemTime time;
    /// Includes its newline once it is complete.
    std::string text;
  };

  [[nodiscard]] std::size_t size_of(const Line& line) const;

  std::string service_;
  std::deque<Line> lines_;
  std::uint64_t first_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace rehearsal::pebble
