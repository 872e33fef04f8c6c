// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace rehearsal::pebble {

/// The number of a signal by its full name, such as "SIGHUP".
std::optional<int> signal_number(const std::string& name);

}  // namespace rehearsal::pebble
