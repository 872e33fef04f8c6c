// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/loki/logql.hpp"

#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace rehearsal::loki {

struct Entry {
  std::int64_t time = 0;  ///< Nanoseconds since 1970.
  std::string line;

  bool operator==(const Entry&) const = default;

  bool operator<(const Entry& other) const {
    return std::tie(time, line) < std::tie(other.time, other.line);
  }
};

struct Stream {
  Labels labels;
  std::vector<Entry> entries;

  bool operator==(const Stream&) const = default;
};

struct Statistics {
  std::uint64_t lines = 0;
  std::uint64_t duplicates = 0;  ///< Lines that came again with their time.

  bool operator==(const Statistics&) const = default;
};

/// Keeps what was pushed. As in Loki, a stream is its labels, and an entry that its stream has
/// already is dropped. A stream keeps its newest 100,000 entries.
class LogStore {
 public:
  void add(const Stream& pushed);
  /// Streams in order of their labels, entries in order of time, at most the newest `limit` of
  /// each.
  [[nodiscard]] std::vector<Stream> select(const LogQuery& query, std::size_t limit) const;
  [[nodiscard]] Statistics statistics() const;

 private:
  mutable std::mutex mutex_;
  std::map<Labels, std::set<Entry>> streams_;
  Statistics statistics_;
};

}  // namespace rehearsal::loki
