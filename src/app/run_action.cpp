// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "run_action.hpp"

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

class ActionOfUnit final : public actions::ActionContext {
 public:
  ActionOfUnit(const actions::Parameters& given, const juju::Context& context, const Doors& open)
      : ActionContext(given, context.unit_name, open), context_(context) {}

  const Snapshot& snapshot() override {
    if (!snapshot_) {
      snapshot_ = observe(context_, doors);
    }
    return *snapshot_;
  }

  const Plan& plan() override {
    if (!plan_) {
      plan_ = reconcile(snapshot());
    }
    return *plan_;
  }

  actions::FoundDatabase find_database() override {
    const Database& database = usable_workload().database;
    return {.endpoint = endpoint_of(database), .database = doors.databases.open(database)};
  }

  KeyLoadPlan key_load() override { return usable_workload().key_load; }

  openpgp::AdminKey admin_key() override {
    if (!plan().admin_keys.current) {
      throw Failure("there is no admin key yet: the leader's next hook makes it, or says why not");
    }
    const Answer answer =
        perform({Concern::admin_key, step::ReadAdminKey{*plan().admin_keys.current}, {}}, doors);
    if (const auto* refusal = std::get_if<Refusal>(&answer)) {
      throw Failure(refusal->reason);
    }
    return openpgp::AdminKey::from_armor(std::get<PrivateKey>(answer).armor, doors.clock.now());
  }

  actions::AdminKeyRotation rotate_admin_key() override {
    return charm::rotate_admin_key(context_, doors);
  }

  prefix_tree::Outcome rebuild_tree(const std::string& reason, std::chrono::seconds wait) override {
    return charm::rebuild_tree(context_, doors, reason, wait);
  }

  actions::CharmIdentity charm() override { return charm_identity(context_.charm_dir); }

 private:
  /// The workload of the endpoint that accepts writes.
  const WorkloadPlan& usable_workload() {
    History history;
    Choice choice = choose(Concern::keyserver, plan().workloads, history);
    while (choice.question) {
      Answer answer = perform(*choice.question, doors);
      history.add({*std::move(choice.question), std::move(answer)});
      choice = choose(Concern::keyserver, plan().workloads, history);
    }
    if (choice.workload != nullptr) {
      return *choice.workload;
    }
    std::vector<Status> reasons = plan().statuses;
    reasons.insert(reasons.end(), choice.refusals.begin(), choice.refusals.end());
    throw Failure("the database is not available: " + aggregate(reasons).message);
  }

  const juju::Context& context_;
  std::optional<Snapshot> snapshot_;
  std::optional<Plan> plan_;
};

actions::Results run(const juju::Context& context, const Doors& doors) {
  const actions::Parameters parameters(doors.juju.action_get_json());
  ActionOfUnit action(parameters, context, doors);
  return find_action(context.action_name).run(action);
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
