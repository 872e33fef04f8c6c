// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/app/run_action.hpp"

#include "charm/actions/action.hpp"
#include "charm/app/admin_key.hpp"
#include "charm/app/endpoint.hpp"
#include "charm/app/observe.hpp"
#include "charm/app/reconcile.hpp"
#include "charm/app/rotate_admin_key.hpp"
#include "charm_identity.hpp"
#include "tree_request.hpp"

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
  LazyPlan(const juju::Context& context, const World& world) : context_(&context), world_(&world) {}

  /// What the plan is made of.
  const Snapshot& snapshot() {
    if (!snapshot_) {
      snapshot_ = observe(*context_, *world_);
      take_brought_key(*snapshot_);
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
  const World* world_;
  std::optional<Snapshot> snapshot_;
  std::optional<Plan> plan_;
};

/// The workload of the endpoint that accepts writes.
const WorkloadPlan& usable_workload(const Plan& plan, const World& world) {
  const Choice choice = choose(plan.workloads, world);
  if (choice.workload != nullptr) {
    return *choice.workload;
  }
  std::vector<Status> reasons = plan.statuses;
  reasons.insert(reasons.end(), choice.refusals.begin(), choice.refusals.end());
  throw Failure("the database is not there: " + aggregate(reasons).message);
}

actions::FoundDatabase find_database(const Plan& plan, const World& world) {
  const Database& database = usable_workload(plan, world).database;
  return {.endpoint = endpoint_of(database),
          .database = std::make_unique<postgres::KeyDatabase>(target_of(database), probe_seconds)};
}

std::unique_ptr<postgres::KeyDatabase> open_database(const Plan& plan, const World& world) {
  auto database = find_database(plan, world).database;
  static_cast<void>(database->prepare());
  return database;
}

openpgp::AdminKey admin_key(const Plan& plan, const World& world) {
  if (!plan.admin_keys.current) {
    throw Failure("there is no admin key yet: the leader's next hook makes it, or says why not");
  }
  return read_admin_key(*plan.admin_keys.current, world.juju);
}

actions::Results run(const juju::Context& context, const World& world,
                     const keyserver::Client& keyserver) {
  const actions::Parameters parameters(world.juju.action_get_json());
  LazyPlan plan(context, world);
  return find_action(context.action_name)
      .run({.parameters = parameters,
            .unit = context.unit_name,
            .juju = world.juju,
            .pebble = world.pebble,
            .keyserver = keyserver,
            .open_database = [&] { return open_database(plan.get(), world); },
            .find_database = [&] { return find_database(plan.get(), world); },
            .admin_key = [&] { return admin_key(plan.get(), world); },
            .admin_keys = [&] { return plan.get().admin_keys; },
            .rotate_admin_key = [&] { return rotate_admin_key(context, world); },
            .admin_fingerprints = [&] { return plan.get().admin_fingerprints; },
            .key_load = [&] { return usable_workload(plan.get(), world).key_load; },
            .fetch = [&](const Checksum& file) { return world.fetch(file, context.proxies); },
            .snapshot = [&]() -> const Snapshot& { return plan.snapshot(); },
            .plan = [&]() -> const Plan& { return plan.get(); },
            .metrics = world.metrics,
            .addresses_of = world.addresses_of,
            .charm = [&] { return charm_identity(context.charm_dir); },
            .pause = world.pause,
            .rebuild_tree =
                [&](const std::string& reason, std::chrono::seconds wait) {
                  return rebuild_tree(plan.get(), plan.snapshot(), reason, wait, world);
                }});
}

}  // namespace

void run_action(const juju::Context& context, const World& world,
                const keyserver::Client& keyserver) {
  try {
    world.juju.action_set(run(context, world, keyserver));
  } catch (const Failure& failure) {
    world.juju.action_set(failure.results());
    world.juju.action_fail(failure.what());
  } catch (const std::exception& error) {
    spdlog::error("action {}: {}", context.action_name, error.what());
    world.juju.action_fail(error.what());
  }
}

}  // namespace charm
