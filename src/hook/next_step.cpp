// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/admin_key/admin_key.hpp"
#include "charm/domain/publication.hpp"
#include "charm/domain/statuses.hpp"
#include "charm/hook/reconcile.hpp"
#include "charm/keyserver_service/keyserver_service.hpp"
#include "charm/keyserver_service/uploads.hpp"
#include "charm/logging/logging.hpp"
#include "charm/trust/trust.hpp"
#include "charm/workload/workload.hpp"
#include "memory.hpp"

#include <utility>
#include <vector>

namespace charm {

namespace {

/// Adds the result of `other`. Returns whether it has a step, which is then the next one.
bool take(Decision& decision, Decision other) {
  decision.step = std::move(other.step);
  decision.statuses.insert(decision.statuses.end(), other.statuses.begin(), other.statuses.end());
  return decision.step.has_value();
}

Decision keep_ports(const Plan& plan, const Snapshot& snapshot) {
  for (const int port : plan.ports) {
    if (!snapshot.open_ports.contains(port) &&
        !snapshot.history.contains(step::SetPort{port, true})) {
      return do_it(Concern::juju, step::SetPort{port, true});
    }
  }
  for (const int port : snapshot.open_ports) {
    if (!plan.ports.contains(port) && !snapshot.history.contains(step::SetPort{port, false})) {
      return do_it(Concern::juju, step::SetPort{port, false});
    }
  }
  return {};
}

/// Juju refuses a write if another unit has become the leader, or if the relation is gone. The next
/// event brings the unit up to date.
Decision keep_databags(const Plan& plan, const Snapshot& snapshot) {
  return {publish(Concern::juju, plan.publications, snapshot), {}};
}

/// Pebble refuses a request that it cannot complete; the next hook tries again.
Decision explain(const Refusal& fault) {
  if (fault.by == Refusal::By::file_system) {
    return say(statuses::unwritable_container(fault.reason));
  }
  return say(statuses::failed_pebble_request(fault.reason));
}

const Refusal* last_refusal(Refusal::By by, const History& history) {
  return refusal_of(history.last_if([by](const Performed& done) {
    const Refusal* refusal = refusal_of(&done);
    return refusal != nullptr && refusal->by == by;
  }));
}

const Refusal* fault_of_keyserver(const History& history) {
  const Refusal* fault = fault_of_pebble(Concern::keyserver, history);
  return fault != nullptr ? fault : fault_of_pebble(Concern::prefix_tree, history);
}

/// Certificates come before all programs that may need them, log targets before the keyserver's
/// first line, and a download after the keyserver. The admin keys come last: if Pebble is lost
/// there, the results of the others remain.
Decision keep_workload(const Plan& plan, const Snapshot& snapshot) {
  Decision decision;
  if (!snapshot.workload) {
    return decision;
  }
  if (last_refusal(Refusal::By::lost_pebble, snapshot.history) != nullptr) {
    return say(statuses::waiting_for_pebble_again());
  }
  if (const Refusal* cut = last_refusal(Refusal::By::time, snapshot.history)) {
    return say(statuses::out_of_time(cut->reason));
  }
  if (take(decision, keep_trust(plan, snapshot)) ||
      take(decision, keep_log_targets(plan, snapshot))) {
    return decision;
  }
  if (const Refusal* fault = fault_of_keyserver(snapshot.history)) {
    take(decision, explain(*fault));
    return decision;
  }
  Decision keyserver = keep_keyserver(plan, snapshot);
  const bool serves = plan.workload_goal == WorkloadGoal::run &&
                      aggregate(keyserver.statuses).kind == StatusKind::active;
  if (take(decision, std::move(keyserver)) || take(decision, keep_promtail(plan, snapshot))) {
    return decision;
  }
  if (serves) {
    take(decision, admin_key::settle(plan, snapshot));
  }
  return decision;
}

/// Not a fault, so a status that names one comes first.
std::vector<Status> note_of_limit(Uploads uploads) {
  switch (uploads) {
    case Uploads::all:
      break;
    case Uploads::updates:
      return {statuses::only_updates()};
    case Uploads::none:
      return {statuses::no_uploads()};
  }
  return {};
}

}  // namespace

std::optional<Step> next_step(const Plan& plan, const Snapshot& snapshot) {
  if (snapshot.history.last_of<step::SetStatus>() != nullptr) {
    return std::nullopt;
  }
  Decision decision{std::nullopt, plan.statuses};
  for (const auto& keep :
       {admin_key::appoint, keep_ports, keep_uploads, keep_workload, keep_databags}) {
    if (take(decision, keep(plan, snapshot))) {
      return std::move(decision.step);
    }
  }
  // While a unit stops, Juju sets its status.
  if (snapshot.goal == Goal::stop) {
    return std::nullopt;
  }
  if (auto step = remember(plan, snapshot); step && !snapshot.history.contains(step->what)) {
    return step;
  }
  take(decision, {std::nullopt, note_of_limit(plan.uploads.uploads)});
  const Status status = aggregate(decision.statuses);
  const Status shown = statuses::to_show(status);
  return Step{Concern::juju, step::SetStatus{shown}, shown == status ? "" : status.message};
}

}  // namespace charm
