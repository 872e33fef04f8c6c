// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

#include "charm/app/apply.hpp"

#include "charm/app/admin_key_change.hpp"
#include "charm/app/databag_changes.hpp"
#include "charm/app/logging.hpp"
#include "charm/app/memory.hpp"
#include "charm/app/workload.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>

namespace charm {

namespace {

void apply_ports(const Plan& plan, const Snapshot& snapshot, const juju::HookTools& juju) {
  for (const int port : plan.ports) {
    if (!snapshot.open_ports.contains(port)) {
      juju.open_port(port);
    }
  }
  for (const int port : snapshot.open_ports) {
    if (!plan.ports.contains(port)) {
      juju.close_port(port);
    }
  }
}

/// Returns whether anything had to be written.
bool publish(const Publication& publication, const Snapshot& snapshot,
             const juju::HookTools& juju) {
  const Databag difference = databag_changes(current_bag(publication, snapshot), publication.data);
  if (difference.empty()) {
    return false;
  }
  try {
    juju.relation_set(publication.relation, publication.scope, difference);
  } catch (const juju::HookToolError& error) {
    // Leadership or the relation went while we were at it: the next event finds us in the picture.
    if (!error.vanished() && !error.not_leader()) {
      throw;
    }
    spdlog::info("{}", error.what());
  }
  return true;
}

/// Returns those that are in place already.
std::vector<Publication> publish_all(const Plan& plan, const Snapshot& snapshot,
                                     const juju::HookTools& juju) {
  std::vector<Publication> settled;
  std::copy_if(plan.publications.begin(), plan.publications.end(), std::back_inserter(settled),
               [&](const Publication& one) { return !publish(one, snapshot, juju); });
  return settled;
}

void append(std::vector<Status>& statuses, const std::vector<Status>& more) {
  statuses.insert(statuses.end(), more.begin(), more.end());
}

/// Log targets come before the keyserver's first line, and a download after the keyserver. The
/// admin keys come last: what they have come to is not lost to a Pebble that goes away.
AdminKeyOutcome bring_about(const Plan& plan, const Snapshot& snapshot, const World& world) {
  std::vector<Status> statuses = apply_log_targets(plan, snapshot, world);
  const std::vector<Status> of_workload = apply_workload(plan, snapshot, world);
  append(statuses, of_workload);
  append(statuses, apply_promtail(plan, snapshot, world));
  AdminKeyOutcome outcome;
  if (plan.workload_goal == WorkloadGoal::run &&
      aggregate(of_workload).kind == StatusKind::active) {
    outcome = settle_admin_keys(plan, snapshot, world);
  }
  append(statuses, outcome.statuses);
  outcome.statuses = std::move(statuses);
  return outcome;
}

AdminKeyOutcome try_workload(const Plan& plan, const Snapshot& snapshot, const World& world) {
  if (!snapshot.workload) {
    spdlog::debug("no workload: {}", snapshot.workload_error);
    return {};
  }
  try {
    return bring_about(plan, snapshot, world);
  } catch (const pebble::ConnectionError& error) {
    spdlog::warn("{}", error.what());
    return {.statuses = {{StatusKind::waiting,
                          "waiting for Pebble in the hockeypuck container to come back"}},
            .keys = {}};
  } catch (const pebble::PathError& error) {
    spdlog::error("{}", error.what());
    return {
        .statuses = {{StatusKind::blocked,
                      std::string("cannot write to the hockeypuck container: ") + error.what()}},
        .keys = {}};
  } catch (const pebble::ApiError& error) {
    spdlog::error("{}", error.what());
    return {.statuses = {{StatusKind::waiting,
                          std::string("Pebble refused a request: ") + error.what()}},
            .keys = {}};
  }
}

}  // namespace

Applied apply(const Plan& plan, const Snapshot& snapshot, const World& world) {
  for (const auto& warning : plan.warnings) {
    spdlog::warn("{}", warning);
  }
  apply_ports(plan, snapshot, world.juju);
  std::vector<Status> statuses = plan.statuses;
  const AdminKeyOutcome found = try_workload(plan, snapshot, world);
  append(statuses, found.statuses);
  const auto settled = publish_all(plan, snapshot, world.juju);
  Applied applied{.status = aggregate(statuses), .admin_keys = found.keys};
  // While a unit stops, its status is Juju's to set.
  if (snapshot.goal == Goal::run) {
    remember(snapshot, plan, settled, world.juju);
    world.juju.status_set(Scope::unit, applied.status);
  }
  return applied;
}

}  // namespace charm
