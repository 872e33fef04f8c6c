// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/layer.hpp"
#include "rehearsal/pebble/processes.hpp"

#include <optional>
#include <string>

namespace rehearsal::pebble {

/// Runs a check once, for as long as its timeout at most, and returns what is wrong, with the
/// details Pebble adds. The lock must not be held.
std::optional<std::string> probe(const Check& check, StateLock& lock, Processes& processes);

/// Period and timeout of a check, with the defaults; a timeout is never longer than the period.
Duration period_of(const Check& check);
Duration timeout_of(const Check& check);

}  // namespace rehearsal::pebble
