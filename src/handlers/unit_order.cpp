// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "unit_order.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <tuple>

namespace charm::databag {

namespace {

/// Juju's form `application/number`; text without a number sorts as number 0.
std::tuple<std::string_view, std::uint64_t, std::string_view> sort_key(std::string_view name) {
  const auto slash = std::min(name.find('/'), name.size());
  const auto digits = name.substr(std::min(slash + 1, name.size()));
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return {name.substr(0, slash), number, name};
}

}  // namespace

bool precedes(std::string_view left, std::string_view right) {
  return sort_key(left) < sort_key(right);
}

}  // namespace charm::databag
