// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

#include "charm/app/workload.hpp"

#include "charm/app/endpoint.hpp"
#include "charm/domain/hockeypuck.hpp"
#include "charm/pebble/plan_difference.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace charm {

namespace {

/// With one pause of a tenth of a second between two looks.
constexpr int max_looks_at_starting_keyserver = 50;
constexpr int inspected_log_lines = 50;

const std::string service_name{hockeypuck::service};

bool is_empty(const Layer& layer) {
  return layer.services.empty() && layer.checks.empty() && layer.log_targets.empty();
}

bool same_files(const Workload& workload, const WorkloadPlan& wanted) {
  return std::all_of(wanted.files.begin(), wanted.files.end(),
                     [&](const File& file) {
                       const auto found = workload.files.find(file.path);
                       return found != workload.files.end() && found->second == file.content;
                     }) &&
         workload.files.size() == wanted.files.size();
}

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

/// A Go program dies with its error followed by the call stack: the name of each function and below
/// it, behind a tab, its place.
std::string last_words(const World& world) {
  const auto entries = world.pebble.logs({service_name}, inspected_log_lines);
  std::string words;
  for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
    const auto next = std::next(entry);
    const bool is_function = next != entries.end() && next->message.starts_with('\t');
    const bool is_stack =
        is_function || entry->message.starts_with('\t') || entry->message.starts_with("goroutine ");
    words = is_stack || entry->message.empty() ? words : entry->message;
  }
  return words;
}

Status does_not_start(const World& world) {
  return {StatusKind::blocked, "hockeypuck does not start: " + last_words(world) +
                                   "; Pebble keeps trying, see juju debug-log"};
}

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

void write_files(const Workload& workload, const WorkloadPlan& wanted,
                 const pebble::Client& pebble) {
  if (!same_files(workload, wanted)) {
    pebble.write(wanted.files);
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

/// Before the keyserver runs, so that it never takes a key that is blocked. Nothing to do on a new
/// database: the keyserver makes its tables first, and the first blocking does the rest.
std::optional<Status> prepare_database(const Database& database, const World& world) {
  try {
    world.prepare_database(target_of(database));
    return std::nullopt;
  } catch (const postgres::DatabaseError& error) {
    return Status{StatusKind::waiting, "waiting for PostgreSQL at " + endpoint_of(database) +
                                           " to take the block list: " + error.what()};
  }
}

std::vector<Status> start(const WorkloadPlan& wanted, const Workload& workload,
                          const World& world) {
  if (const auto refusal = prepare_database(wanted.database, world)) {
    return {*refusal};
  }
  spdlog::info("(re)starting hockeypuck with the database at {}", endpoint_of(wanted.database));
  world.pebble.make_directories(wanted.directories);
  write_files(workload, wanted, world.pebble);
  const Layer difference = pebble::difference(workload.plan, wanted.layer);
  try {
    // Killed between the layer and the replan, a process of the old definition would look right to
    // the next dispatch: so none runs then.
    if (!difference.services.empty() && is_kept_up(workload, service_name)) {
      world.pebble.stop({service_name});
    }
    if (!is_empty(difference)) {
      world.pebble.add_layer(hockeypuck::layer_label, difference);
    }
    world.pebble.replan();
  } catch (const pebble::ChangeError& error) {
    spdlog::error("{}", error.what());
    return {does_not_start(world)};
  }
  // Only now: until the service runs with the new configuration it may still need the old files.
  remove_stale_files(workload, wanted, world.pebble);
  world.pebble.remove(wanted.obsolete, true);
  if (!comes_up(world)) {
    return {{StatusKind::waiting, "waiting for hockeypuck to serve, see juju debug-log"}};
  }
  world.juju.application_version_set(world.keyserver_version());
  return {};
}

std::vector<Status> look_after(const Snapshot& snapshot, const Choice& choice, const World& world) {
  if (choice.workload == nullptr) {
    return choice.refusals;
  }
  if (service_state(*snapshot.workload, service_name) == "backoff") {
    return {does_not_start(world)};
  }
  if (snapshot.keyserver == KeyserverHealth::database_failing) {
    return {{StatusKind::waiting,
             "PostgreSQL answers but hockeypuck's requests to it fail, see juju debug-log"}};
  }
  return {{StatusKind::waiting, "waiting for hockeypuck to answer on port 11371"}};
}

std::vector<Status> run(const Plan& plan, const Snapshot& snapshot, const World& world) {
  const Workload& workload = *snapshot.workload;
  const InPlace in_place = find_in_place(workload, plan.workloads);
  const bool settled = in_place.workload != nullptr;
  if (!is_empty(in_place.difference)) {
    world.pebble.add_layer(hockeypuck::layer_label, in_place.difference);
  }
  const bool serving = snapshot.keyserver == KeyserverHealth::serving;
  if (settled && serving && in_place.workload == plan.workloads.data()) {
    return {};
  }
  const Choice choice = choose(plan.workloads, world);
  if (choice.workload != nullptr && choice.workload != in_place.workload) {
    return start(*choice.workload, workload, world);
  }
  if (settled && serving) {
    return {};
  }
  return settled ? look_after(snapshot, choice, world) : choice.refusals;
}

void stop(const Workload& workload, const pebble::Client& pebble) {
  if (is_kept_up(workload, service_name)) {
    spdlog::info("stopping hockeypuck");
    pebble.stop({service_name});
  }
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
