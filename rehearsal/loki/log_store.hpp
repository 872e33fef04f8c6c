// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/loki/logql.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <mutex>
#include <set>
#include <stdexcept>
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

/// Stores pushed logs. As in Loki, the labels identify a stream, and a repeated entry of a stream
/// is dropped. A stream keeps its newest 100,000 entries.
class LogStore {
 public:
  void add(const Stream& pushed);
  /// Returns streams ordered by labels, and entries ordered by time, at most the newest `limit` of
  /// each.
  [[nodiscard]] std::vector<Stream> select(const LogQuery& query, std::size_t limit) const;

 private:
  mutable std::mutex mutex_;
  std::map<Labels, std::set<Entry>> streams_;
};

/// A push that Loki answers with 400.
class PushError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads the JSON body of `POST /loki/api/v1/push` as Loki 2.9 documents it. An entry has the form
/// `["<ns>", "<line>"]`; structured metadata after it is ignored. Throws PushError.
[[nodiscard]] std::vector<Stream> parse_push(const std::string& body);

/// Returns the answer of `GET /loki/api/v1/query_range`.
[[nodiscard]] nlohmann::json query_answer(const std::vector<Stream>& streams);

}  // namespace rehearsal::loki
