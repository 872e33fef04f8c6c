// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

/// `text` between the quotes of a label.
std::string escaped_label(const std::string& text);

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

}  // namespace rehearsal::keyserver
