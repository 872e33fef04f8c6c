// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/exhaustion/state.hpp"

#include <bit>
#include <type_traits>

namespace charm::exhaustion {

std::size_t HashOfState::operator()(const State& state) const {
  static_assert(std::has_unique_object_representations_v<State>);
  const auto octets = std::bit_cast<std::array<std::uint8_t, sizeof(State)>>(state);
  std::size_t hash = 1469598103934665603U;
  for (const std::uint8_t octet : octets) {
    hash = (hash ^ octet) * 1099511628211U;
  }
  return hash;
}

}  // namespace charm::exhaustion
