// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/histogram.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace rehearsal::keyserver {

/// The metrics of Hockeypuck 2.3 that rules and dashboards use, counted since the start. Without
/// those of the Go runtime; those of reconciliation are in ReconMetrics.
class Metrics {
 public:
  enum class KeyChange { added, ignored, updated, removed, removed_jitter };

  Metrics();

  void count(KeyChange change);
  void observe_request(const std::string& method, int status, double seconds);

  /// In the Prometheus text format.
  std::string text() const;

 private:
  std::string histograms() const;

  mutable std::mutex mutex_;
  std::array<std::uint64_t, 5> changes_ = {};
  std::map<std::pair<std::string, int>, Histogram> requests_;
  double start_;
};

}  // namespace rehearsal::keyserver
