// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/app/world.hpp"
#include "charm/domain/plan.hpp"
#include "charm/postgres/key_database.hpp"
#include "charm/postgres/probe.hpp"

#include <string>
#include <vector>

namespace charm {

/// Longest wait for one address of an endpoint, in seconds: libpq's own minimum, and short enough
/// for several endpoints within one hook.
inline constexpr int probe_seconds = 3;

/// `host:port`, an IPv6 address in brackets.
[[nodiscard]] std::string endpoint_of(const Database& database);

[[nodiscard]] postgres::Target target_of(const Database& database);

/// What to show while a database that accepts writes fails all the same.
[[nodiscard]] Status waiting_for(const Database& database, const postgres::DatabaseError& error);

/// The endpoint of the database to use.
struct Choice {
  const WorkloadPlan* workload = nullptr;  ///< The first whose database accepts writes.
  std::vector<Status> refusals;  ///< Why not the others; of one database, so one is shown.
};

/// Asks the endpoints in their order, three at most.
[[nodiscard]] Choice choose(const std::vector<WorkloadPlan>& workloads, const World& world);

}  // namespace charm
