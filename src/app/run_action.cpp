// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "run_action.hpp"

#include "charm/actions/action.hpp"
#include "charm/domain/text.hpp"
#include "charm/hook/hook.hpp"
#include "charm/hook/reconcile.hpp"
#include "charm/options/settings.hpp"
#include "charm/workload/workload.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>

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

/// A rotation does not wait for earlier keys if the current key does not work. Their removal waits
/// for a key that works.
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

void require_that_a_tree_can_be_built(const Plan& plan, const Snapshot& snapshot) {
  if (!snapshot.workload || plan.workload_goal != WorkloadGoal::run) {
    throw Failure("the prefix tree cannot be rebuilt now: " + aggregate(plan.statuses).message);
  }
}

/// Otherwise a keyserver that serves would look like one whose tree was rebuilt.
void require_requested(const HookOutcome& hook) {
  const Performed* made = hook.snapshot.history.last_if([](const Performed& done) {
    return writes(done.step, prefix_tree::rebuild_path) && refusal_of(&done) == nullptr;
  });
  if (made == nullptr) {
    throw Failure("the prefix tree cannot be rebuilt now: " + hook.status().message);
  }
}

/// A keyserver that was stopped and started again is compared with its database immediately.
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
    return false;  // The next hook reports it.
  }
}

/// Waits until a hook has something to do, or until the time is over.
void rest(const Doors& doors, std::chrono::sys_seconds until) {
  do {
    for (int pause = 0; pause < pauses_between_looks; ++pause) {
      doors.clock.pause();
    }
  } while (doors.clock.now() < until && builds(doors));
}

constexpr std::size_t longest_line = 200;

/// Returns an empty text if the file does not exist.
std::string first_line(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return single_line(line, longest_line);
}

/// Reads the two files next to the charm. Juju's agent writes the charm's URL to `.juju-charm`
/// (Juju 3.6, worker/uniter/charm), and packing writes `version`.
actions::CharmIdentity charm_identity(const std::filesystem::path& charm_directory) {
  return {.url = first_line(charm_directory / ".juju-charm"),
          .version = first_line(charm_directory / "version")};
}

const actions::Action* find_action(const std::string& name) {
  const auto all = actions::actions();
  const auto found = std::ranges::find(all, name, &actions::Action::name);
  return found == all.end() ? nullptr : &*found;
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

  Answer attempt(Step::What what) override {
    return charm::perform({Concern::action, std::move(what), {}}, doors);
  }

  actions::FoundDatabase find_database() override {
    const Database& database = usable_workload().database;
    return {.endpoint = endpoint_of(database),
            .server = database,
            .database = doors.databases.open(database)};
  }

  KeyLoadPlan key_load() override { return usable_workload().key_load; }

  openpgp::AdminKey admin_key() override {
    if (!plan().admin_keys.current) {
      throw Failure("there is no admin key yet: the leader's next hook makes it, or says why not");
    }
    const Answer answer = attempt(step::ReadAdminKey{*plan().admin_keys.current});
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
      Answer answer = charm::perform(*choice.question, doors);
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
  const actions::Action* found = find_action(context.action_name);
  if (found == nullptr) {
    throw Failure("this revision of the charm has no action " + context.action_name);
  }
  const actions::Parameters parameters(doors.juju.action_get_json());
  ActionOfUnit action(parameters, context, doors);
  return found->run(action);
}

}  // namespace

actions::AdminKeyRotation rotate_admin_key(const juju::Context& context, const Doors& doors) {
  Snapshot snapshot = observe(context, doors);
  require_that_the_charm_decides(snapshot);
  const Plan before = reconcile(snapshot);
  require_no_change_under_way(before, doors);
  require_configurable(before);
  snapshot.request.rotate_admin_key = true;
  const HookOutcome hook = run_hook(context, doors, std::move(snapshot));
  const std::string& old = before.admin_keys.current->fingerprint;
  const auto& current = hook.plan.admin_keys.current;
  if (!current || current->fingerprint == old) {
    const std::string reason = hook.status().message;
    throw Failure("the admin key stays " + old + ": " +
                  (reason.empty() ? "this unit no longer leads" : reason));
  }
  return {.current = current->fingerprint, .retired = old};
}

Outcome rebuild_tree(const juju::Context& context, const Doors& doors, const std::string& reason,
                     std::chrono::seconds wait) {
  Snapshot snapshot = observe(context, doors);
  require_that_a_tree_can_be_built(reconcile(snapshot), snapshot);
  const auto deadline = snapshot.now + wait;
  Outcome outcome{.under_way = snapshot.workload->rebuild.has_value(), .reason = reason};
  snapshot.request.rebuild_tree = outcome.under_way ? std::string() : reason;
  for (bool first = true;; first = false) {
    const HookOutcome hook = run_hook(context, doors, std::move(snapshot));
    if (first && !outcome.under_way) {
      require_requested(hook);
    }
    take_in(hook, outcome);
    const auto now = doors.clock.now();
    if (outcome.rebuilt || now >= deadline) {
      break;
    }
    doors.juju.action_log(outcome.status);
    rest(doors, std::min(deadline, now + between_messages));
    snapshot = observe(context, doors);
  }
  outcome.status = outcome.rebuilt ? "" : outcome.status;
  return outcome;
}

Deadline deadline_of_action(const juju::Context& context) {
  const actions::Action* action = find_action(context.action_name);
  const bool has_limit = action != nullptr && action->limit != actions::while_it_works;
  return has_limit ? Deadline(action->limit) : Deadline();
}

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
