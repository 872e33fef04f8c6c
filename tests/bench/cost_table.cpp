// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/cost_table.hpp"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <sstream>

namespace bench {
namespace {

bool is_kept(const Cost& cost) {
  return cost.bound == 0 || cost.value <= cost.bound;
}

std::string bound_text(const Cost& cost) {
  std::ostringstream text;
  text << (is_kept(cost) ? "bound " : "BROKEN: bound ") << cost.bound;
  return cost.bound == 0 ? "" : text.str();
}

}  // namespace

bool print(const std::vector<Cost>& costs) {
  for (const Cost& cost : costs) {
    std::cout << std::left << std::setw(48) << cost.what << std::right << std::setw(10)
              << std::fixed << std::setprecision(3) << cost.value << ' ' << std::left
              << std::setw(8) << cost.unit << bound_text(cost) << std::endl;
  }
  return std::ranges::all_of(costs, is_kept);
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double Pairs::ratio() const {
  std::vector<double> ratios;
  for (std::size_t pair = 0; pair < none.size(); ++pair) {
    ratios.push_back(all.at(pair) / none.at(pair));
  }
  return median(ratios);
}

std::string made_up_fingerprint(int number) {
  const auto value = static_cast<unsigned>(number);
  std::ostringstream text;
  text << std::hex << std::setfill('0') << std::setw(8) << value * 2654435761U << std::setw(32)
       << value;
  return text.str();
}

std::string made_up_block_list(int count) {
  std::string text;
  for (int number = 0; number < count; ++number) {
    text += made_up_fingerprint(number) + ",2026-01-01T00:00:00Z,bench,R" + std::to_string(number) +
            "\n";
  }
  return text;
}

}  // namespace bench
