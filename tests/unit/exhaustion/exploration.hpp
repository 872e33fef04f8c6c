// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/unit/exhaustion/unit_model.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace charm::exhaustion {

struct Totals {
  std::uint64_t states = 0;         ///< States of the product: each begins a hook.
  std::uint64_t later = 0;          ///< Other states that a step, a kill or a hook led to.
  std::uint64_t steps = 0;          ///< Steps of all hooks, each checked against its rule.
  std::uint64_t kills = 0;          ///< Kills after a step that changed something outside Juju.
  std::uint64_t unanswered = 0;     ///< States in which the decision throws.
  std::uint64_t most_steps = 0;     ///< Of one hook.
  std::uint64_t most_hooks = 0;     ///< Until nothing changes.
  std::vector<std::string> faults;  ///< At most a few, with the state and the steps.

  void add(const Totals& other);
};

/// Every state from which a hook can begin in these surroundings.
[[nodiscard]] std::vector<Beginning> beginnings(const Surroundings& surroundings);

/// All combinations of the values of Surroundings.
[[nodiscard]] std::vector<Surroundings> all_surroundings();

/// Runs a hook from each state, and from each state that a hook or a kill leaves. Checks all
/// properties. Begins with every n-th state of the product.
[[nodiscard]] Totals explore(const Surroundings& surroundings, std::size_t every = 1);

/// Returns the name of the step's kind.
[[nodiscard]] const char* name_of(const Step& step);

/// Describes a state and the steps so far on one line.
[[nodiscard]] std::string description(const Place& place, const State& state,
                                      const History& history);

}  // namespace charm::exhaustion
