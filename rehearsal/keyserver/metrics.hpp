// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace rehearsal::keyserver {

/// How often a value was at most this high: a histogram of Prometheus.
class Histogram {
 public:
  /// Upper bounds, ascending, without infinity.
  explicit Histogram(std::vector<double> bounds)
      : bounds_(std::move(bounds)), buckets_(bounds_.size()) {}

  void observe(double value);

  /// In the Prometheus text format, without HELP and TYPE. `labels` as between the braces.
  std::string text(const std::string& name, const std::string& labels) const;

 private:
  std::vector<double> bounds_;
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  double sum_ = 0;
};

/// The metrics of Hockeypuck 2.3 that the charm, its rules and dashboards use, without those of the
/// Go runtime. They count from the start. Those of reconciliation appear with their first event; a
/// peer is its IP address. Safe to use from several threads.
class Metrics {
 public:
  enum class KeyChange { added, ignored, updated, removed, removed_jitter };

  Metrics();

  void count(KeyChange change);
  void observe_request(const std::string& method, int status, double seconds);

  /// `role` is "client" where we went to the peer, "server" where it came to us.
  void note_recon_start(const std::string& peer, const std::string& role);
  /// `event` is "success" or "failure".
  void note_recon_end(const std::string& event, const std::string& peer, const std::string& role,
                      double seconds);
  void count_recovered(const std::string& peer, std::size_t keys);

  /// In the Prometheus text format.
  std::string text() const;

 private:
  std::string key_counters() const;
  std::string request_durations() const;
  std::string recon_text() const;

  mutable std::mutex mutex_;
  std::array<std::uint64_t, 5> changes_ = {};
  /// By method and status.
  std::map<std::pair<std::string, int>, Histogram> requests_;
  /// By peer and result.
  std::map<std::pair<std::string, std::string>, Histogram> recon_durations_;
  /// Seconds since 1970 by event, peer and role.
  std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> recon_times_;
  /// By name and peer.
  std::map<std::pair<std::string, std::string>, std::uint64_t> recon_counters_;
  double start_;
};

}  // namespace rehearsal::keyserver
