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
  double bound = 0;  ///< 0: there is none.
};

/// Prints the costs as a table; returns whether every bound is kept.
bool print(const std::vector<Cost>& costs);

/// Of values of which there is at least one.
double median(std::vector<double> values);

/// Runs it and returns how many seconds that took.
template <typename Action>
double seconds(const Action& action) {
  const auto start = std::chrono::steady_clock::now();
  action();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The same measure of two sides, taken in turns so that whatever else the machine does falls on
/// both. `all.at(i)` was taken right before or after `none.at(i)`.
struct Pairs {
  std::vector<double> none;
  std::vector<double> all;

  /// How many times more the second side costs: the median over the pairs.
  double ratio() const;
};

/// A fingerprint that nobody has; another one for each number.
std::string made_up_fingerprint(int number);

/// A block list as import-block-list takes it.
std::string made_up_block_list(int count);

}  // namespace bench
