// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

namespace charm {

/// Handles one dispatch from beginning to end and returns the process's exit code: 0, also for
/// faults that a status explains; 1 for bugs and for what Juju's retry in seconds may fix.
[[nodiscard]] int dispatch(const std::map<std::string, std::string>& environment);

}  // namespace charm
