// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tree_request.hpp"

#include "charm/actions/action.hpp"
#include "charm/app/observe.hpp"
#include "charm/app/workload.hpp"
#include "tree_rebuild.hpp"

namespace charm {

namespace {

using prefix_tree::Outcome;

/// Ten pauses are a second, so Pebble and the keyserver are asked once a second.
constexpr int pauses_between_looks = 10;
constexpr std::chrono::seconds between_messages(60);

void require_it_can_begin(const Plan& plan, const Snapshot& snapshot) {
  if (!snapshot.unit.leader) {
    throw actions::Failure(
        "only the leader's prefix tree is of use, because the leader reconciles with other "
        "keyservers: run it on " +
        snapshot.unit.app + "/leader");
  }
  if (!snapshot.workload || plan.workload_goal != WorkloadGoal::run) {
    throw actions::Failure("the prefix tree cannot be rebuilt now: " +
                           aggregate(plan.statuses).message);
  }
}

/// The same as the hook's next look; statuses of it are the unit's.
Status do_as_a_hook(const Plan& plan, Snapshot& snapshot, const World& world) {
  Plan current = plan;
  current.tree.now = snapshot.now.time_since_epoch().count();
  std::vector<Status> statuses = plan.statuses;
  const std::vector<Status> found = apply_workload(current, snapshot, world);
  statuses.insert(statuses.end(), found.begin(), found.end());
  look_again(snapshot, world);
  Status status = aggregate(statuses);
  world.juju.status_set(Scope::unit, status);
  return status;
}

/// The keyserver that is stopped and started again is compared with its database at once.
void take_in(const Workload& workload, const Status& status, Outcome& outcome) {
  outcome.status = status.message;
  if (workload.rebuild) {
    outcome.reason = workload.rebuild->reason;
    outcome.keys = workload.rebuild->keys;
  } else if (workload.tree_record) {
    outcome.keys = workload.tree_record->comparison.keys;
  }
}

void rest(const World& world) {
  for (int pause = 0; pause < pauses_between_looks; ++pause) {
    world.pause();
  }
}

}  // namespace

Outcome rebuild_tree(const Plan& plan, Snapshot snapshot, const std::string& reason,
                     std::chrono::seconds wait, const World& world) {
  require_it_can_begin(plan, snapshot);
  const auto deadline = snapshot.now + wait;
  Outcome outcome{.under_way = snapshot.workload->rebuild.has_value(), .reason = reason};
  if (!outcome.under_way) {
    request_rebuild({.reason = reason}, world.pebble);
    look_again(snapshot, world);
  }
  auto next_message = snapshot.now;
  for (;;) {
    take_in(*snapshot.workload, do_as_a_hook(plan, snapshot, world), outcome);
    outcome.rebuilt = !snapshot.workload->rebuild && snapshot.keyserver == KeyserverHealth::serving;
    if (outcome.rebuilt || snapshot.now >= deadline) {
      break;
    }
    if (snapshot.now >= next_message) {
      world.juju.action_log(outcome.status);
      next_message = snapshot.now + between_messages;
    }
    rest(world);
    look_again(snapshot, world);
  }
  outcome.status = outcome.rebuilt ? "" : outcome.status;
  return outcome;
}

}  // namespace charm
