// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>

namespace charm {

/// How often the proxies of `ingress` and `traefik-route` check each unit. A check that meets a
/// restart makes the proxy leave the unit out until the next check.
constexpr std::chrono::seconds health_check_interval(2);

/// A unit restarts its keyserver in the first second of its turn, and the restart takes less than a
/// second. The proxy has the unit again before the next one restarts.
constexpr std::chrono::seconds restart_turn = health_check_interval + std::chrono::seconds(2);

/// With more units than that, several have the same turn.
constexpr std::size_t most_turns = 3;

/// No unit waits longer for its turn.
constexpr std::chrono::seconds longest_wait = most_turns * restart_turn;

/// The place of a unit among the units of its application, which all sort alike. Units take turns
/// by the clock, so they need no message and no lock to stop their keyservers one by one.
struct Turn {
  std::size_t unit = 0;  ///< The number of units before this one.
  std::size_t units = 1;

  bool operator==(const Turn&) const = default;
};

}  // namespace charm
