// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

namespace charm {

/// Handles one dispatch from beginning to end and returns the exit code of the process. The code is
/// 0 for success and for faults that a status explains. It is 1 for bugs, and for faults that may
/// be gone when Juju tries again seconds later.
[[nodiscard]] int dispatch(const std::map<std::string, std::string>& environment);

}  // namespace charm
