// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/histogram.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>

namespace rehearsal::keyserver {

/// `conflux_reconciliation_*` of Hockeypuck 2.3, counted since the start; each appears with its
/// first event. A peer is its IP address. Safe to use from several threads.
class ReconMetrics {
 public:
  /// `role` is "client" where we went to the peer, "server" where it came to us.
  void note_start(const std::string& peer, const std::string& role);
  void note_success(const std::string& peer, const std::string& role, double seconds);
  void note_failure(const std::string& peer, const std::string& role, double seconds);
  void count_recovered(const std::string& peer, std::size_t keys);

  /// In the Prometheus text format.
  std::string text() const;

 private:
  using Counters = std::map<std::string, std::uint64_t>;

  void note_event(const std::string& event, const std::string& peer, const std::string& role);
  void observe(const std::string& peer, const std::string& result, double seconds);

  mutable std::mutex mutex_;
  /// By peer and result.
  std::map<std::pair<std::string, std::string>, Histogram> durations_;
  /// Seconds since 1970 by event, peer and role.
  std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> event_times_;
  Counters failures_;
  Counters recovered_;
  Counters successes_;
};

}  // namespace rehearsal::keyserver
