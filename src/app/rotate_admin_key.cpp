// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/app/rotate_admin_key.hpp"

#include "charm/app/admin_key.hpp"
#include "charm/app/admin_key_change.hpp"
#include "charm/app/apply.hpp"
#include "charm/app/observe.hpp"
#include "charm/app/reconcile.hpp"
#include "charm/options/settings.hpp"

namespace charm {

namespace {

using actions::Failure;

void require_that_the_charm_decides(const Snapshot& snapshot) {
  if (!snapshot.unit.leader) {
    throw Failure("the leader changes the admin key: run it on " + snapshot.unit.app + "/leader");
  }
  if (!admin_key_secret(snapshot.config).empty()) {
    throw Failure(
        "the option admin-key-secret is set: bring another key in that secret, or reset the "
        "option");
  }
}

/// A key that does not work is no reason to wait for its predecessor's end, which waits for it.
void require_no_change_under_way(const Plan& plan, const World& world) {
  if (!plan.admin_keys.current) {
    throw Failure("there is no admin key yet: the leader's next hook makes it");
  }
  if (!plan.admin_keys.retired.empty() && is_taken(*plan.admin_keys.current, world)) {
    throw Failure("a change is under way: the leader's next hook revokes the admin key " +
                  plan.admin_keys.retired.front().fingerprint);
  }
}

void require_configurable(const Plan& plan) {
  if (plan.workload_goal != WorkloadGoal::run) {
    throw Failure("the keyserver cannot be told of a new key: " + aggregate(plan.statuses).message);
  }
}

}  // namespace

actions::AdminKeyRotation rotate_admin_key(const juju::Context& context, const World& world) {
  Snapshot snapshot = observe(context, world);
  require_that_the_charm_decides(snapshot);
  const Plan before = reconcile(snapshot);
  require_no_change_under_way(before, world);
  require_configurable(before);
  snapshot.next_admin_key = new_admin_key(snapshot.unit, world);
  const Applied applied = apply(reconcile(snapshot), snapshot, world);
  if (!applied.admin_keys) {
    throw Failure("the admin key stays " + before.admin_keys.current->fingerprint + ": " +
                  applied.status.message);
  }
  return {.current = applied.admin_keys->current->fingerprint,
          .retired = before.admin_keys.current->fingerprint};
}

}  // namespace charm
