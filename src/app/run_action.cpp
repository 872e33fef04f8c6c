// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/app/run_action.hpp"

#include "charm/actions/action.hpp"
#include "charm/hook/observe.hpp"
#include "charm/hook/perform.hpp"
#include "charm/hook/reconcile.hpp"
#include "charm/workload/workload.hpp"
#include "charm_identity.hpp"
#include "requests.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <optional>

namespace charm {

namespace {

using actions::Failure;

const actions::Action& find_action(const std::string& name) {
  const auto all = actions::actions();
  const auto found = std::ranges::find(all, name, &actions::Action::name);
  if (found == all.end()) {
    throw Failure("this revision of the charm has no action " + name);
  }
  return *found;
}

/// What the hooks are heading for, worked out when an action first needs to know.
class LazyPlan {
 public:
  LazyPlan(const juju::Context& context, const Doors& doors) : context_(&context), doors_(&doors) {}

  /// What the plan is made of.
  const Snapshot& snapshot() {
    if (!snapshot_) {
      snapshot_ = observe(*context_, *doors_);
    }
    return *snapshot_;
  }

  const Plan& get() {
    if (!plan_) {
      plan_ = reconcile(snapshot());
    }
    return *plan_;
  }

 private:
  const juju::Context* context_;
  const Doors* doors_;
  std::optional<Snapshot> snapshot_;
  std::optional<Plan> plan_;
};

/// The workload of the endpoint that accepts writes.
const WorkloadPlan& usable_workload(const Plan& plan, const Doors& doors) {
  History history;
  Choice choice = choose(Concern::keyserver, plan.workloads, history);
  while (choice.question) {
    Answer answer = perform(*choice.question, doors, {});
    history.add({*std::move(choice.question), std::move(answer)});
    choice = choose(Concern::keyserver, plan.workloads, history);
  }
  if (choice.workload != nullptr) {
    return *choice.workload;
  }
  std::vector<Status> reasons = plan.statuses;
  reasons.insert(reasons.end(), choice.refusals.begin(), choice.refusals.end());
  throw Failure("the database is not there: " + aggregate(reasons).message);
}

actions::FoundDatabase find_database(const Plan& plan, const Doors& doors) {
  const Database& database = usable_workload(plan, doors).database;
  return {.endpoint = endpoint_of(database), .database = doors.databases.open(database)};
}

std::unique_ptr<postgres::KeyDatabase> open_database(const Plan& plan, const Doors& doors) {
  auto database = find_database(plan, doors).database;
  static_cast<void>(database->prepare());
  return database;
}

openpgp::AdminKey admin_key(const Plan& plan, const Doors& doors) {
  if (!plan.admin_keys.current) {
    throw Failure("there is no admin key yet: the leader's next hook makes it, or says why not");
  }
  const Answer answer =
      perform({Concern::admin_key, step::ReadAdminKey{*plan.admin_keys.current}, {}}, doors, {});
  if (const auto* refusal = std::get_if<Refusal>(&answer)) {
    throw Failure(refusal->reason);
  }
  return openpgp::AdminKey::from_armor(std::get<PrivateKey>(answer).armor, doors.clock.now());
}

actions::Results run(const juju::Context& context, const Doors& doors) {
  const actions::Parameters parameters(doors.juju.action_get_json());
  LazyPlan plan(context, doors);
  return find_action(context.action_name)
      .run({.parameters = parameters,
            .unit = context.unit_name,
            .juju = doors.juju,
            .pebble = doors.pebble,
            .keyserver = doors.keyserver,
            .open_database = [&] { return open_database(plan.get(), doors); },
            .find_database = [&] { return find_database(plan.get(), doors); },
            .admin_key = [&] { return admin_key(plan.get(), doors); },
            .admin_keys = [&] { return plan.get().admin_keys; },
            .rotate_admin_key = [&] { return rotate_admin_key(context, doors); },
            .admin_fingerprints = [&] { return plan.get().admin_fingerprints; },
            .key_load = [&] { return usable_workload(plan.get(), doors).key_load; },
            .fetch =
                [&](const Checksum& file) { return doors.downloads.fetch(file, context.proxies); },
            .snapshot = [&]() -> const Snapshot& { return plan.snapshot(); },
            .plan = [&]() -> const Plan& { return plan.get(); },
            .metrics = [&] { return doors.keyserver.metrics(); },
            .addresses_of =
                [&](const std::string& host) { return doors.downloads.addresses_of(host); },
            .charm = [&] { return charm_identity(context.charm_dir); },
            .pause = [&] { doors.clock.pause(); },
            .rebuild_tree =
                [&](const std::string& reason, std::chrono::seconds wait) {
                  return rebuild_tree(context, doors, reason, wait);
                }});
}

}  // namespace

void run_action(const juju::Context& context, const Doors& doors) {
  try {
    doors.juju.action_set(run(context, doors));
  } catch (const Failure& failure) {
    doors.juju.action_set(failure.results());
    doors.juju.action_fail(failure.what());
  } catch (const std::exception& error) {
    spdlog::error("action {}: {}", context.action_name, error.what());
    doors.juju.action_fail(error.what());
  }
}

}  // namespace charm
