// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

#include "charm/app/workload.hpp"

#include "charm/app/endpoint.hpp"
#include "charm/app/observe.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/pebble/plan_difference.hpp"
#include "keyserver_start.hpp"
#include "prefix_tree.hpp"
#include "put_in_plan.hpp"
#include "tree_rebuild.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace charm {

namespace {

/// A tree that is damaged takes most: a start, a rebuild, a start.
constexpr int max_looks = 4;

const std::string service_name{hockeypuck::service};

struct InPlace {
  const WorkloadPlan* workload = nullptr;
  Layer difference;  ///< Of checks and log targets only, which need no restart.
};

/// The workload that the service runs, or is kept being started, just as it is wanted.
InPlace find_in_place(const Workload& workload, const std::vector<WorkloadPlan>& wanted) {
  if (!is_kept_up(workload, service_name)) {
    return {};
  }
  for (const auto& candidate : wanted) {
    if (same_files(workload, candidate)) {
      auto difference = pebble::difference(workload.plan, candidate.layer);
      if (difference.services.empty()) {
        return {&candidate, std::move(difference)};
      }
    }
  }
  return {};
}

Verdict look_after(const Snapshot& snapshot, const Choice& choice, const World& world) {
  if (choice.workload == nullptr) {
    return choice.refusals;
  }
  if (service_state(*snapshot.workload, service_name) == "backoff") {
    return mourn_keyserver(*snapshot.workload, world);
  }
  if (snapshot.keyserver == KeyserverHealth::database_failing) {
    return {{{StatusKind::waiting,
              "PostgreSQL answers but hockeypuck's requests to it fail, see juju debug-log"}}};
  }
  return {{{StatusKind::waiting, "waiting for hockeypuck to answer on port 11371"}}};
}

Verdict keep_running(const Plan& plan, const Snapshot& snapshot, const World& world) {
  const Workload& workload = *snapshot.workload;
  const InPlace in_place = find_in_place(workload, plan.workloads);
  put_in_plan(in_place.difference, world.pebble);
  const bool settled = in_place.workload != nullptr;
  const bool serving = settled && snapshot.keyserver == KeyserverHealth::serving;
  const auto care = [&] {
    return compare_tree(plan, in_place.workload->database, workload, world, false);
  };
  if (serving && in_place.workload == plan.workloads.data()) {
    return care();
  }
  const Choice choice = choose(plan.workloads, world);
  if (choice.workload != nullptr && choice.workload != in_place.workload) {
    return start_keyserver(plan, *choice.workload, snapshot, world);
  }
  if (serving) {
    return care();
  }
  return settled ? look_after(snapshot, choice, world) : choice.refusals;
}

Verdict proceed(const Plan& plan, const Snapshot& snapshot, const World& world) {
  return snapshot.workload->rebuild ? continue_rebuild(plan, snapshot, world)
                                    : keep_running(plan, snapshot, world);
}

/// Each look does what the next dispatch would: that is how a killed one is made up for. Most need
/// no second one, and no copies.
std::vector<Status> run(const Plan& plan, const Snapshot& snapshot, const World& world) {
  if (auto verdict = proceed(plan, snapshot, world)) {
    return *verdict;
  }
  Plan wanted = plan;
  Snapshot current = snapshot;
  for (int look = 1; look < max_looks; ++look) {
    look_again(current, world);
    wanted.tree.now = current.now.time_since_epoch().count();
    if (auto verdict = proceed(wanted, current, world)) {
      return *verdict;
    }
  }
  return {{StatusKind::waiting, "waiting for the next hook to go on with the prefix tree"}};
}

void stop(const Workload& workload, const pebble::Client& pebble) {
  if (is_kept_up(workload, service_name)) {
    spdlog::info("stopping hockeypuck");
    pebble.stop({service_name});
  }
  suspend_rebuild(workload, pebble);
  if (!workload.files.empty()) {
    pebble.remove({std::string(hockeypuck::log_directory)}, true);
    pebble.remove(hockeypuck::managed_files(), false);
  }
}

}  // namespace

std::string service_state(const Workload& workload, const std::string& service) {
  const auto found = workload.services.find(service);
  return found == workload.services.end() ? "" : found->second;
}

bool is_kept_up(const Workload& workload, const std::string& service) {
  const std::string state = service_state(workload, service);
  return state == "active" || state == "backoff";
}

std::vector<Status> apply_workload(const Plan& plan, const Snapshot& snapshot, const World& world) {
  switch (plan.workload_goal) {
    case WorkloadGoal::run:
      return run(plan, snapshot, world);
    case WorkloadGoal::stop:
      stop(*snapshot.workload, world.pebble);
      break;
    case WorkloadGoal::leave:
      break;
  }
  return {};
}

}  // namespace charm
