// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/sequence.hpp"

#include <algorithm>
#include <array>
#include <sstream>
#include <stdexcept>

namespace simulation {

namespace {

constexpr std::array<std::string_view, 19> names = {
    "run",       "time",   "lead",      "relate",  "unrelate", "option",   "secret",
    "scale",     "churn",  "container", "refresh", "database", "provider", "pebble",
    "keyserver", "action", "damage",    "fault",   "overlap"};

Operation operation_of(const std::string& text) {
  const auto first = text.find(':');
  const auto second = text.find(':', first + 1);
  const auto* const name = std::find(names.begin(), names.end(), text.substr(0, first));
  if (second == std::string::npos || name == names.end()) {
    throw std::invalid_argument("not an operation: " + text);
  }
  return {.kind = static_cast<Kind>(name - names.begin()),
          .which = std::stoi(text.substr(first + 1)),
          .how = std::stoi(text.substr(second + 1))};
}

}  // namespace

std::string text_of(const Sequence& sequence) {
  std::string text = std::to_string(sequence.units) + " " + std::to_string(sequence.seed);
  for (const Operation& operation : sequence.operations) {
    text += " " + std::string(names.at(static_cast<std::size_t>(operation.kind))) + ":" +
            std::to_string(operation.which) + ":" + std::to_string(operation.how);
  }
  return text;
}

Sequence sequence_of(const std::string& text) {
  std::istringstream words(text);
  Sequence sequence;
  if (!(words >> sequence.units >> sequence.seed)) {
    throw std::invalid_argument("not a sequence: " + text);
  }
  for (std::string word; words >> word;) {
    sequence.operations.push_back(operation_of(word));
  }
  return sequence;
}

}  // namespace simulation
