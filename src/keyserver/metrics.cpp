// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/keyserver/statistics.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace charm::keyserver {
namespace {

/// Larger ones are no counts, nor times, of this keyserver.
constexpr double greatest = 1e15;

std::optional<std::int64_t> whole_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(std::fabs(value) < greatest)) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(value);
}

/// Takes the prefix from the front of the line, if it is there.
bool take(std::string_view& line, std::string_view prefix) {
  const bool there = line.starts_with(prefix);
  line.remove_prefix(there ? prefix.size() : 0);
  return there;
}

void read_sample(std::string_view line, Metrics& metrics) {
  if (take(line, "process_start_time_seconds ")) {
    if (const auto seconds = whole_number(line)) {
      metrics.started = std::chrono::sys_seconds(std::chrono::seconds(*seconds));
    }
  } else if (take(line, "conflux_reconciliation_items_recovered{peer=\"")) {
    const std::string_view peer = line.substr(0, line.find('"'));
    line.remove_prefix(peer.size());
    const auto count = take(line, "\"} ") ? whole_number(line) : std::nullopt;
    if (count) {
      metrics.recovered.emplace(peer, *count);
    }
  }
}

}  // namespace

Metrics parse_metrics(std::string_view text) {
  Metrics metrics;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    read_sample(line, metrics);
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return metrics;
}

}  // namespace charm::keyserver
