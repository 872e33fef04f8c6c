// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tree_rebuild.hpp"

#include "charm/app/endpoint.hpp"
#include "charm/app/workload.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/json/prefix_tree_files.hpp"
#include "charm/pebble/plan_difference.hpp"
#include "keyserver_start.hpp"
#include "last_words.hpp"
#include "put_in_plan.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace charm {

namespace {

using prefix_tree::Rebuild;
using prefix_tree::RebuildState;
using prefix_tree::Step;

/// With one pause of a tenth of a second between two looks: a small tree needs no second hook.
constexpr int max_looks_at_started_build = 50;

const std::string service_name{prefix_tree::service};

bool is_closed(const pebble::Client& pebble) {
  return pebble.file_size(prefix_tree::statistics_path) > 0;
}

Step step_of(const Rebuild& rebuild, const World& world) {
  const std::string state = world.pebble.service_state(service_name);
  return next_step(rebuild, state, state == "inactive" && is_closed(world.pebble));
}

/// Neither may have the tree open. What Pebble says now counts: this dispatch may have changed it.
void stop_both(const pebble::Client& pebble) {
  std::vector<std::string> running;
  for (const auto& service : pebble.services()) {
    const bool is_ours = service.name == hockeypuck::service || service.name == service_name;
    if (is_ours && (service.current == "active" || service.current == "backoff")) {
      running.push_back(service.name);
    }
  }
  pebble.stop(running);
}

/// The directory may be new: the keyserver could not make its tree in one that writing the file
/// made.
void write_beside_tree(std::string_view path, std::string content, const pebble::Client& pebble) {
  pebble.make_directories({hockeypuck::directory_of_tree()});
  pebble.write({{.path = std::string(path), .content = std::move(content)}});
}

void remove_tree(const pebble::Client& pebble) {
  pebble.remove({std::string(prefix_tree::path), std::string(prefix_tree::statistics_path)}, true);
}

void forget_rebuild(const pebble::Client& pebble) {
  pebble.remove({std::string(prefix_tree::rebuild_path)}, false);
}

/// The keyserver makes itself a new tree, which it alone looks at.
void throw_away(const pebble::Client& pebble) {
  spdlog::info("removing the prefix tree, which this unit does not need");
  stop_both(pebble);
  remove_tree(pebble);
  pebble.remove({std::string(prefix_tree::record_path)}, false);
  forget_rebuild(pebble);
}

void finish(const Rebuild& rebuild, const Plan& plan, const Workload& workload,
            const pebble::Client& pebble) {
  const std::int64_t rebuilt_before = workload.tree_record ? workload.tree_record->rebuilt : 0;
  keep_record({.database = rebuild.database,
               .trusted_since = plan.tree.now,
               .rebuilt = rebuild.by_itself ? plan.tree.now : rebuilt_before},
              pebble);
  forget_rebuild(pebble);
  spdlog::info("rebuilt the prefix tree");
}

Status failed(const Rebuild& rebuild, const std::string& refusal, const World& world) {
  const std::string words = last_words(service_name, rebuild.since - 1, world);
  const std::string reason = words.empty() ? refusal : words;
  spdlog::error("hockeypuck-pbuild: {}", reason);
  return {StatusKind::blocked,
          "the prefix tree cannot be rebuilt: " + reason + "; the next hook tries again"};
}

/// Starts the service that has just been stopped. Returns Pebble's words when it did not last a
/// second: a small tree is ready by then.
std::string start_build(const Workload& workload, const pebble::Client& pebble) {
  put_in_plan(pebble::difference(workload.plan, prefix_tree::build_layer()), pebble);
  try {
    pebble.start({service_name});
    return {};
  } catch (const pebble::ChangeError& error) {
    return error.what();
  }
}

Step wait_for_build(const Rebuild& rebuild, const World& world) {
  for (int look = 0; look < max_looks_at_started_build; ++look) {
    const Step step = step_of(rebuild, world);
    if (step != Step::wait) {
      return step;
    }
    world.pause();
  }
  return Step::wait;
}

Verdict begin(Rebuild rebuild, const WorkloadPlan& wanted, const Plan& plan,
              const Workload& workload, const World& world) {
  spdlog::info("rebuilding the prefix tree of {} keys: {}", rebuild.keys, rebuild.reason);
  rebuild.state = RebuildState::requested;
  request_rebuild(rebuild, world.pebble);
  stop_both(world.pebble);
  place_files(wanted, workload, world.pebble);
  remove_tree(world.pebble);
  const std::string refusal = start_build(workload, world.pebble);
  rebuild.state = RebuildState::building;
  rebuild.since = plan.tree.now;
  request_rebuild(rebuild, world.pebble);
  switch (wait_for_build(rebuild, world)) {
    case Step::finish:
      return std::nullopt;
    case Step::wait:
      return {{progress(rebuild, plan.tree.now)}};
    case Step::begin:
      break;
  }
  return {{failed(rebuild, refusal, world)}};
}

/// A password may change while the tree is built: the old one is not left on the disk.
Verdict wait(const Rebuild& rebuild, const Plan& plan, const Workload& workload,
             const World& world) {
  const bool current =
      std::any_of(plan.workloads.begin(), plan.workloads.end(),
                  [&](const WorkloadPlan& wanted) { return same_files(workload, wanted); });
  if (!current) {
    const Choice choice = choose(plan.workloads, world);
    if (choice.workload != nullptr) {
      place_files(*choice.workload, workload, world.pebble);
    }
  }
  return {{progress(rebuild, plan.tree.now)}};
}

/// Begins or finishes, neither of which is done without the database.
Verdict turn_to(const WorkloadPlan& wanted, Step step, const Plan& plan, const Workload& workload,
                const World& world) {
  const Rebuild& rebuild = *workload.rebuild;
  const postgres::Target target = target_of(wanted.database);
  Rebuild next = rebuild;
  next.database = world.prepare_database(target).identity;
  if (step == Step::finish && next.database == rebuild.database) {
    finish(rebuild, plan, workload, world.pebble);
    return std::nullopt;
  }
  next.keys = world.count_keys(target);
  return begin(next, wanted, plan, workload, world);
}

}  // namespace

void request_rebuild(const Rebuild& rebuild, const pebble::Client& pebble) {
  write_beside_tree(prefix_tree::rebuild_path, file_text(rebuild), pebble);
}

Verdict continue_rebuild(const Plan& plan, const Snapshot& snapshot, const World& world) {
  const Workload& workload = *snapshot.workload;
  if (!plan.tree.complete) {
    throw_away(world.pebble);
    return std::nullopt;
  }
  const Step step = step_of(*workload.rebuild, world);
  if (step == Step::wait) {
    return wait(*workload.rebuild, plan, workload, world);
  }
  const Choice choice = choose(plan.workloads, world);
  if (choice.workload == nullptr) {
    return choice.refusals;
  }
  try {
    return turn_to(*choice.workload, step, plan, workload, world);
  } catch (const postgres::DatabaseError& error) {
    return {{waiting_for(choice.workload->database, error)}};
  }
}

void suspend_rebuild(const Workload& workload, const pebble::Client& pebble) {
  if (workload.rebuild && workload.rebuild->state == RebuildState::building) {
    Rebuild rebuild = *workload.rebuild;
    rebuild.state = RebuildState::requested;
    request_rebuild(rebuild, pebble);
  }
  if (is_kept_up(workload, service_name)) {
    spdlog::info("stopping the rebuild of the prefix tree");
    pebble.stop({service_name});
  }
}

void keep_record(const prefix_tree::Record& record, const pebble::Client& pebble) {
  write_beside_tree(prefix_tree::record_path, file_text(record), pebble);
}

}  // namespace charm
