// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "put_in_plan.hpp"

#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/pebble/plan_difference.hpp"

#include <spdlog/spdlog.h>

#include <string>

namespace charm {

namespace {

/// Pebble does not tell which layers there are, so that a label may be one that lies too low.
constexpr int max_labels = 9;

std::string label(int number) {
  const std::string first{hockeypuck::layer_label};
  return number == 1 ? first : first + "-" + std::to_string(number);
}

}  // namespace

void put_in_plan(const Layer& difference, const pebble::Client& pebble) {
  Layer missing = difference;
  for (int number = 1; missing != Layer{} && number <= max_labels; ++number) {
    pebble.add_layer(label(number), missing);
    missing = pebble::difference(pebble::read_plan(pebble.plan()), missing);
    if (missing != Layer{}) {
      spdlog::warn("another layer of Pebble lies above {} and changes what is in it",
                   label(number));
    }
  }
}

}  // namespace charm
