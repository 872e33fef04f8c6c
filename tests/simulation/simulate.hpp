// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/simulation/sequence.hpp"
#include "tests/simulation/world.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace simulation {

struct Result {
  std::optional<std::string> violation;  ///< The first broken invariant.
  std::uint64_t digest = 0;              ///< Of the journal.
  std::string journal;                   ///< If asked for.
  Figures figures;
};

/// Runs a sequence, ends its faults, lets three update-status pass, and compares the end with that
/// of a fresh deployment with the same inputs.
[[nodiscard]] Result simulate(const Sequence& sequence, bool with_journal = false);

}  // namespace simulation
