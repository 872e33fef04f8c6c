// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/app/world.hpp"
#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/status.hpp"

#include <string>
#include <vector>

namespace charm {

/// What Pebble says of a service: `active`, `inactive`, `backoff` or `error`; empty where it has
/// none of the name.
[[nodiscard]] std::string service_state(const Workload& workload, const std::string& service);

/// Whether Pebble keeps the service running, or being started, by itself.
[[nodiscard]] bool is_kept_up(const Workload& workload, const std::string& service);

/// Brings the workload to what the plan wants, through Pebble, after asking PostgreSQL. Returns
/// what a person should know: nothing when the keyserver serves. Throws pebble::ConnectionError
/// when Pebble goes away.
[[nodiscard]] std::vector<Status> apply_workload(const Plan& plan, const Snapshot& snapshot,
                                                 const World& world);

}  // namespace charm
