// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "requests.hpp"

#include "charm/hook/hook.hpp"
#include "charm/hook/observe.hpp"
#include "charm/hook/perform.hpp"
#include "charm/hook/reconcile.hpp"
#include "charm/options/settings.hpp"
#include "charm/workload/workload.hpp"

namespace charm {

namespace {

using actions::Failure;
using prefix_tree::Outcome;

/// Ten pauses are a second.
constexpr int pauses_between_looks = 10;
constexpr std::chrono::seconds between_messages(60);

void require_that_the_charm_decides(const Snapshot& snapshot) {
  if (!snapshot.unit.leader) {
    throw Failure("the leader changes the admin key: run it on " + snapshot.unit.app + "/leader");
  }
  if (!admin_key_secret(snapshot.config).empty()) {
    throw Failure(
        "the option admin-key-secret is set: put a different key into that secret, or reset the "
        "option");
  }
}

bool is_taken(const AdminKeyReference& reference, const Doors& doors) {
  constexpr int no_such_key = 404;
  const Answer secret = perform({Concern::admin_key, step::ReadAdminKey{reference}, {}}, doors);
  const auto* key = std::get_if<PrivateKey>(&secret);
  if (key == nullptr) {
    return false;
  }
  const Answer trial = perform({Concern::admin_key, step::TryAdminKey{key->armor}, {}}, doors);
  return std::get<keyserver::Answer>(trial).status == no_such_key;
}

/// A key that does not work is no reason to wait for its predecessor's end, which waits for it.
void require_no_change_under_way(const Plan& plan, const Doors& doors) {
  if (!plan.admin_keys.current) {
    throw Failure("there is no admin key yet: the leader's next hook makes it");
  }
  if (!plan.admin_keys.retired.empty() && is_taken(*plan.admin_keys.current, doors)) {
    throw Failure("a change is under way: the leader's next hook revokes the admin key " +
                  plan.admin_keys.retired.front().fingerprint);
  }
}

void require_configurable(const Plan& plan) {
  if (plan.workload_goal != WorkloadGoal::run) {
    throw Failure("the keyserver cannot receive a new admin key: " +
                  aggregate(plan.statuses).message);
  }
}

void require_that_a_tree_is_of_use(const Plan& plan, const Snapshot& snapshot) {
  if (!snapshot.unit.leader) {
    throw Failure(
        "only the leader's prefix tree is used, because the leader reconciles with other "
        "keyservers: run it on " +
        snapshot.unit.app + "/leader");
  }
  if (!snapshot.workload || plan.workload_goal != WorkloadGoal::run) {
    throw Failure("the prefix tree cannot be rebuilt now: " + aggregate(plan.statuses).message);
  }
}

/// The keyserver that is stopped and started again is compared with its database at once.
void take_in(const HookOutcome& hook, Outcome& outcome) {
  outcome.status = hook.status().message;
  const auto& workload = hook.snapshot.workload;
  if (!workload) {
    return;
  }
  if (workload->rebuild) {
    outcome.reason = workload->rebuild->reason;
    outcome.keys = workload->rebuild->keys;
  } else if (workload->tree_record) {
    outcome.keys = workload->tree_record->comparison.keys;
  }
  outcome.rebuilt = !workload->rebuild && hook.snapshot.keyserver == KeyserverHealth::serving;
}

bool builds(const Doors& doors) {
  try {
    return doors.pebble.service_state(prefix_tree::service) == "active";
  } catch (const pebble::ConnectionError&) {
    return false;  // The next hook says so.
  }
}

/// Until there is something to do for a hook, or it is time.
void rest(const Doors& doors, std::chrono::sys_seconds until) {
  do {
    for (int pause = 0; pause < pauses_between_looks; ++pause) {
      doors.clock.pause();
    }
  } while (doors.clock.now() < until && builds(doors));
}

}  // namespace

actions::AdminKeyRotation rotate_admin_key(const juju::Context& context, const Doors& doors) {
  const Snapshot snapshot = observe(context, doors);
  require_that_the_charm_decides(snapshot);
  const Plan before = reconcile(snapshot);
  require_no_change_under_way(before, doors);
  require_configurable(before);
  const HookOutcome hook = run_hook(context, doors, {.rotate_admin_key = true});
  const std::string& old = before.admin_keys.current->fingerprint;
  const auto& current = hook.plan.admin_keys.current;
  if (!current || current->fingerprint == old) {
    throw Failure("the admin key stays " + old + ": " + hook.status().message);
  }
  return {.current = current->fingerprint, .retired = old};
}

Outcome rebuild_tree(const juju::Context& context, const Doors& doors, const std::string& reason,
                     std::chrono::seconds wait) {
  const Snapshot before = observe(context, doors);
  require_that_a_tree_is_of_use(reconcile(before), before);
  const auto deadline = before.now + wait;
  Outcome outcome{.under_way = before.workload->rebuild.has_value(), .reason = reason};
  Request request{.rebuild_tree = outcome.under_way ? std::string() : reason};
  for (;;) {
    take_in(run_hook(context, doors, request), outcome);
    const auto now = doors.clock.now();
    if (outcome.rebuilt || now >= deadline) {
      break;
    }
    doors.juju.action_log(outcome.status);
    rest(doors, std::min(deadline, now + between_messages));
    request = {};
  }
  outcome.status = outcome.rebuilt ? "" : outcome.status;
  return outcome;
}

}  // namespace charm
