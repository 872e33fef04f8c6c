// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace bench {

/// One measured cost.
struct Cost {
  std::string what;
  double value = 0;
  const char* unit = "s";
  double bound = 0;  ///< 0: no bound.
};

/// Prints the costs as a table. Returns whether every bound is kept.
bool print(const std::vector<Cost>& costs);

/// Needs at least one value.
double median(std::vector<double> values);

/// Runs the action and returns its duration in seconds.
template <typename Action>
double seconds(const Action& action) {
  const auto start = std::chrono::steady_clock::now();
  action();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The same measurement for two sides, alternating, so that other load on the machine affects both.
/// `all.at(i)` was measured directly before or after `none.at(i)`.
struct Pairs {
  std::vector<double> none;
  std::vector<double> all;

  /// The cost of the second side divided by that of the first: the median over the pairs.
  double ratio() const;
};

/// An invented fingerprint, different for each number.
std::string made_up_fingerprint(int number);

/// A block list in the form that import-block-list reads.
std::string made_up_block_list(int count);

}  // namespace bench
