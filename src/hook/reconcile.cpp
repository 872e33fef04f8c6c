// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

#include "charm/hook/reconcile.hpp"

#include "charm/admin_key/admin_key.hpp"
#include "charm/domain/statuses.hpp"
#include "charm/handlers/handler.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/prefix_tree/tree.hpp"

#include <algorithm>
#include <iterator>

namespace charm {

namespace {

Facts learn(const Snapshot& snapshot, const Settings& settings, const admin_key::State& admin_key) {
  Facts facts;
  for (const RelationHandler* handler : handlers()) {
    handler->learn(snapshot, settings, facts);
  }
  facts.admin_keys = admin_key.keys;
  facts.next_admin_key = admin_key.next;
  return facts;
}

/// The configuration retains the keys that this dispatch drops: if the dispatch fails, Juju still
/// has them.
Facts with_dropped_keys(Facts facts, const admin_key::State& admin_key) {
  auto& retired = facts.admin_keys.retired;
  retired.insert(retired.end(), admin_key.dropped.begin(), admin_key.dropped.end());
  return facts;
}

/// Without its relation the database is gone permanently. With it, missing data (an unreadable
/// secret, a wrong option) is not a reason to stop a keyserver. A unit that leaves serves
/// unchanged.
WorkloadGoal workload_goal(const Snapshot& snapshot, const Settings& settings, const Facts& facts) {
  if (snapshot.on("database").empty()) {
    return WorkloadGoal::stop;
  }
  return settings.right && !facts.databases.empty() && !snapshot.unit.leaving ? WorkloadGoal::run
                                                                              : WorkloadGoal::leave;
}

Status without_workload(const Snapshot& snapshot) {
  switch (snapshot.pebble_fault) {
    case PebbleFault::refusing:
      return statuses::failed_pebble_request(snapshot.workload_error);
    case PebbleFault::unreadable_file:
      return statuses::unreadable_container(snapshot.workload_error);
    case PebbleFault::out_of_time:
      return statuses::out_of_time(snapshot.workload_error);
    case PebbleFault::silent:
      break;
  }
  return statuses::waiting_for_pebble();
}

Turn turn_of(const Unit& unit, const Facts& facts) {
  const auto before = std::ranges::count_if(
      facts.peer_units, [&](const std::string& other) { return other < unit.name; });
  return {.unit = static_cast<std::size_t>(before), .units = facts.peer_units.size() + 1};
}

/// The administrators' keys are accepted with every value, so that their requests work.
UploadPolicy upload_policy(const Settings& settings, const std::vector<std::string>& admins) {
  return {settings.uploads, settings.uploads == Uploads::all ? std::vector<std::string>() : admins};
}

/// The next gossip includes a change, and the gossip after it has certainly ended. One minute is
/// added for delays.
std::chrono::seconds settling(const Settings& settings) {
  return std::chrono::seconds(2 * settings.recon_interval + 60);
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
  const admin_key::State admin_key = admin_key::state_of(snapshot);
  const Facts facts = learn(snapshot, settings, admin_key);
  plan.statuses.insert(plan.statuses.end(), facts.statuses.begin(), facts.statuses.end());
  plan.warnings = facts.warnings;
  if (!snapshot.workload) {
    plan.statuses.push_back(without_workload(snapshot));
  }
  if (admin_key.refusal) {
    plan.statuses.push_back(*admin_key.refusal);
  }
  plan.ports = hockeypuck::ports();
  plan.certificates = facts.certificates;
  plan.admin_keys = facts.admin_keys;
  plan.next_admin_key = facts.next_admin_key;
  plan.admin_fingerprints = hockeypuck::admin_fingerprints(settings, facts);
  plan.uploads = upload_policy(settings, plan.admin_fingerprints);
  if (settings.right) {
    plan.recon = hockeypuck::plan_recon(snapshot.unit, settings, facts);
  }
  plan.workload_goal = workload_goal(snapshot, settings, facts);
  if (plan.workload_goal == WorkloadGoal::run) {
    const Facts configured = with_dropped_keys(facts, admin_key);
    std::transform(facts.databases.begin(), facts.databases.end(),
                   std::back_inserter(plan.workloads), [&](const Database& database) {
                     return hockeypuck::plan_workload(snapshot, settings, configured, database);
                   });
  }
  plan.turn = turn_of(snapshot.unit, facts);
  plan.tree_settling = settling(settings);
  plan.rotate_log = snapshot.workload && snapshot.workload->log_size > hockeypuck::max_log_size;
  for (const RelationHandler* handler : handlers()) {
    handler->publish(snapshot, settings, facts, plan);
  }
  return plan;
}

}  // namespace charm
