// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

#include "charm/app/reconcile.hpp"

#include "charm/handlers/handler.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"

#include <algorithm>
#include <iterator>

namespace charm {

namespace {

bool any_blocked(const std::vector<Status>& statuses) {
  return std::any_of(statuses.begin(), statuses.end(),
                     [](const Status& status) { return status.kind == StatusKind::blocked; });
}

Facts learn(const Snapshot& snapshot, const Settings& settings) {
  Facts facts;
  for (const RelationHandler* handler : handlers()) {
    handler->learn(snapshot, settings, facts);
  }
  return facts;
}

/// Without its relation the database is gone for good. With it, a gap in what we know (a secret
/// that cannot be read just now, a wrong option) is no reason to take a keyserver off the net.
WorkloadGoal workload_goal(const Snapshot& snapshot, const Facts& facts, bool settings_are_right) {
  if (snapshot.on("database").empty()) {
    return WorkloadGoal::stop;
  }
  return settings_are_right && !facts.databases.empty() ? WorkloadGoal::run : WorkloadGoal::leave;
}

/// The next gossip takes a change up and the one after it has ended for sure; a minute is for what
/// they wait for.
TreePlan tree_plan(const Snapshot& snapshot, const Settings& settings) {
  return {.complete = snapshot.unit.leader,
          .settling = std::chrono::seconds(2 * settings.recon_interval + 60),
          .now = snapshot.now.time_since_epoch().count()};
}

}  // namespace

Plan reconcile(const Snapshot& snapshot) {
  Plan plan;
  if (snapshot.goal == Goal::stop) {
    plan.ports = snapshot.open_ports;
    plan.workload_goal = WorkloadGoal::stop;
    return plan;
  }
  const Settings settings = read_settings(snapshot.config, plan.statuses);
  const bool settings_are_right = !any_blocked(plan.statuses);
  const Facts facts = learn(snapshot, settings);
  plan.statuses.insert(plan.statuses.end(), facts.statuses.begin(), facts.statuses.end());
  plan.warnings = facts.warnings;
  if (!snapshot.workload) {
    plan.statuses.push_back(
        {StatusKind::waiting, "waiting for Pebble in the hockeypuck container to answer"});
  }
  if (snapshot.admin_key_refusal) {
    plan.statuses.push_back(*snapshot.admin_key_refusal);
  }
  plan.ports = hockeypuck::ports();
  plan.admin_keys = facts.admin_keys;
  plan.next_admin_key = facts.next_admin_key;
  plan.admin_fingerprints = hockeypuck::admin_fingerprints(settings, facts);
  if (settings_are_right) {
    plan.recon = hockeypuck::plan_recon(settings, facts);
  }
  plan.workload_goal = workload_goal(snapshot, facts, settings_are_right);
  if (plan.workload_goal == WorkloadGoal::run) {
    std::transform(facts.databases.begin(), facts.databases.end(),
                   std::back_inserter(plan.workloads), [&](const Database& database) {
                     return hockeypuck::plan_workload(snapshot, settings, facts, database);
                   });
  }
  plan.tree = tree_plan(snapshot, settings);
  plan.rotate_log = snapshot.workload && snapshot.workload->log_size > hockeypuck::max_log_size;
  for (const RelationHandler* handler : handlers()) {
    handler->publish(snapshot, settings, facts, plan);
  }
  return plan;
}

}  // namespace charm
