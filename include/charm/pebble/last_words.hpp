// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/pebble/client.hpp"

#include <string>
#include <vector>

namespace charm::pebble {

/// What a Go program that died printed last, without the call stack; empty where it said nothing.
[[nodiscard]] std::string last_words(const std::vector<LogEntry>& entries);

}  // namespace charm::pebble
