// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "key_collector.hpp"
#include "key_sources.hpp"

#include <vector>

namespace charm::actions {

/// Reads all files, sorts their keys, and collects what is to be offered. Throws Failure that names
/// every file that is none of public keys; then nothing is left of what was collected.
[[nodiscard]] KeyCounts read_keys(const ActionContext& context,
                                  const std::vector<KeySource>& sources,
                                  postgres::KeyDatabase& database, KeyCollector& collector);

}  // namespace charm::actions
