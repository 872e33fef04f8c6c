// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/status.hpp"

#include <optional>
#include <vector>

namespace charm {

/// What one look at the workload came to: what a person should know, or nothing when something was
/// done that must be looked at again, as a next dispatch would.
using Verdict = std::optional<std::vector<Status>>;

}  // namespace charm
