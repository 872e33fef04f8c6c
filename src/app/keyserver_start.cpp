// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "keyserver_start.hpp"

#include "charm/app/endpoint.hpp"
#include "charm/app/workload.hpp"
#include "charm/domain/prefix_tree.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/pebble/plan_difference.hpp"
#include "last_words.hpp"
#include "prefix_tree.hpp"
#include "put_in_plan.hpp"
#include "tree_rebuild.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace charm {

namespace {

/// With one pause of a tenth of a second between two looks.
constexpr int max_looks_at_starting_keyserver = 50;

const std::string service_name{hockeypuck::service};

void remove_stale_files(const Workload& workload, const WorkloadPlan& wanted,
                        const pebble::Client& pebble) {
  std::vector<std::string> stale;
  for (const auto& [path, content] : workload.files) {
    if (std::none_of(wanted.files.begin(), wanted.files.end(),
                     [&path = path](const File& file) { return file.path == path; })) {
      stale.push_back(path);
    }
  }
  if (!stale.empty()) {
    pebble.remove(stale, false);
  }
}

/// Waits for a keyserver that was just started; a few tenths of a second are usual.
bool comes_up(const World& world) {
  for (int look = 0; look < max_looks_at_starting_keyserver; ++look) {
    if (world.keyserver() == KeyserverHealth::serving) {
      return true;
    }
    world.pause();
  }
  return false;
}

/// Names the service, where a replan would start the rebuild of the prefix tree, too, if its
/// definition had changed since it last ran. Throws pebble::ChangeError when it does not start.
void launch(const WorkloadPlan& wanted, const Workload& workload, const pebble::Client& pebble) {
  const Layer difference = pebble::difference(workload.plan, wanted.layer);
  // Killed between the layer and the start, a process of the old definition would look right to
  // the next dispatch: so none runs then.
  if (!difference.services.empty() && is_kept_up(workload, service_name)) {
    pebble.stop({service_name});
  }
  put_in_plan(difference, pebble);
  pebble.start({service_name});
}

Verdict start(const Plan& plan, const WorkloadPlan& wanted, const Workload& workload,
              const World& world) {
  spdlog::info("(re)starting hockeypuck with the database at {}", endpoint_of(wanted.database));
  // Nobody waits for it: there is no rebuild under way.
  suspend_rebuild(workload, world.pebble);
  place_files(wanted, workload, world.pebble);
  try {
    launch(wanted, workload, world.pebble);
  } catch (const pebble::ChangeError& error) {
    spdlog::error("{}", error.what());
    return mourn_keyserver(workload, world);
  }
  // Only now: until the service runs with the new configuration it may still need the old files.
  remove_stale_files(workload, wanted, world.pebble);
  world.pebble.remove(wanted.obsolete, true);
  if (!comes_up(world)) {
    return {{{StatusKind::waiting, "waiting for hockeypuck to serve, see juju debug-log"}}};
  }
  world.juju.application_version_set(world.keyserver_version());
  return compare_tree(plan, wanted.database, workload, world, true);
}

}  // namespace

bool same_files(const Workload& workload, const WorkloadPlan& wanted) {
  return std::all_of(wanted.files.begin(), wanted.files.end(),
                     [&](const File& file) {
                       const auto found = workload.files.find(file.path);
                       return found != workload.files.end() && found->second == file.content;
                     }) &&
         workload.files.size() == wanted.files.size();
}

void place_files(const WorkloadPlan& wanted, const Workload& workload,
                 const pebble::Client& pebble) {
  pebble.make_directories(wanted.directories);
  if (!same_files(workload, wanted)) {
    pebble.write(wanted.files);
  }
}

/// Before the keyserver runs, so that it never takes a key that is blocked. Nothing to do on a new
/// database: the keyserver makes its tables first, and the first blocking does the rest.
Verdict start_keyserver(const Plan& plan, const WorkloadPlan& wanted, const Snapshot& snapshot,
                        const World& world) {
  prefix_tree::DatabaseContent content;
  try {
    content = world.prepare_database(target_of(wanted.database));
  } catch (const postgres::DatabaseError& error) {
    return {{waiting_for(wanted.database, error)}};
  }
  if (!make_tree_usable(plan, content, world)) {
    return std::nullopt;
  }
  return start(plan, wanted, *snapshot.workload, world);
}

/// Words from before the tree was made are about another one.
Verdict mourn_keyserver(const Workload& workload, const World& world) {
  const std::int64_t made = workload.tree_record ? workload.tree_record->trusted_since : 0;
  if (const std::string words = last_words(service_name, made, world);
      prefix_tree::is_damage(words)) {
    spdlog::warn("the prefix tree is damaged: {}", words);
    request_rebuild({.reason = "it was damaged (" + words + ")"}, world.pebble);
    return std::nullopt;
  }
  return {
      {{StatusKind::blocked, "hockeypuck does not start: " + last_words(service_name, 0, world) +
                                 "; Pebble keeps trying, see juju debug-log"}}};
}

}  // namespace charm
